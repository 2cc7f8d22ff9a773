/** A volume, container or secret of a stack, which outlives the file that named it. */
export interface StateItem {
  /** A volume with data, a container that runs, a file with a secret. */
  readonly kind: 'volume' | 'container' | 'secret'
  /** The engine's name of a volume, `project/service` of a container, the path of a secret. */
  readonly name: string
  /** Its purpose, as `postgres /var/lib/postgresql/data`: the same role under another name is a rename. */
  readonly role: string
  /** For a leftover: the name of the item that replaced it. */
  readonly successor?: string
}

/** An item that the stack once had, and the one that probably replaced it. */
export interface LeftBehind {
  readonly item: StateItem
  readonly successor?: StateItem
}

/** Items by kind and name, as the manifest keeps them. */
export type State = ReadonlyMap<string, StateItem>

/** Kind and name in one text: `volume shop_data`. */
function stateKey({ kind, name }: StateItem): string {
  return `${kind} ${name}`
}

const arrow = ' -> '

/** Role and successor in one text: `postgres /var/lib/postgresql/data -> shop_pg-data`. */
export function stateText({ role, successor }: StateItem): string {
  return successor === undefined ? role : `${role}${arrow}${successor}`
}

/** The item of a key and a text; undefined for a kind that this version does not know. */
export function stateItem(key: string, text: string): StateItem | undefined {
  const [, kind, name] = /^(volume|container|secret) (.+)$/.exec(key) ?? []
  const [role = '', successor] = text.split(arrow)
  if (name === undefined) return undefined
  return { kind: kind as StateItem['kind'], name, role, ...(successor && { successor }) }
}

export function stateOf(items: Iterable<StateItem>): State {
  return new Map([...items].map((item) => [stateKey(item), item]))
}

/** The known items that are gone, each with the new item of its role or its last word. */
export function leftBehind(known: State, now: State): LeftBehind[] {
  const fresh = [...now].filter(([key]) => !known.has(key)).map(([, item]) => item)
  return [...known]
    .filter(([key]) => !now.has(key))
    .map(([, item]) => {
      // The successor is new only once; later the manifest has it.
      const recorded = now.get(`${item.kind} ${item.successor}`)
      const successor = recorded ?? successorOf(item, fresh)
      return { item, ...(successor && { successor }) }
    })
}

function successorOf(item: StateItem, fresh: readonly StateItem[]): StateItem | undefined {
  const alike = fresh.filter(({ kind, role }) => kind === item.kind && role === item.role)
  const named = alike.find(({ name }) => ownName(name) === ownName(item.name))
  return named ?? (alike.length === 1 ? alike[0] : alike.find((one) => hasSameLastWord(one, item)))
}

/** The name without that of its project. */
function ownName(name: string): string {
  return name.slice(name.search(/[_/]/) + 1)
}

function hasSameLastWord(one: StateItem, other: StateItem): boolean {
  const last = ({ name }: StateItem) => name.split(/[-_/.]/).at(-1)
  return last(one) === last(other)
}
