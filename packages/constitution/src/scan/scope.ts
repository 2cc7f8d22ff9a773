import {
  type ArrayValue,
  type Assignment,
  type Command,
  type Function as FunctionNode,
  forEachChild,
  type Redirection,
  type SyntaxNode,
  type Word,
} from 'unbash'
import {
  type Held,
  outputOf,
  type ShellVariables,
  type Value,
  wordsOf,
  wordValue,
} from './words.ts'

/** What a shell text defines, read from all of it at once: which line runs first is not told. */
export interface Scope {
  /** All that a variable may hold, the last one last. */
  readonly held: ReadonlyMap<string, readonly Held[]>
  readonly functions: ReadonlyMap<string, FunctionNode>
  readonly aliases: ReadonlyMap<string, Word>
  /** Programs by another name: what `ln -s`, `cp` and `hash -p` make. */
  readonly copies: ReadonlyMap<string, string>
  readonly commands: readonly Placed[]
  readonly assignments: readonly Assignment[]
}

/** A command, and what it reads. */
export interface Placed {
  readonly node: Command
  /** What stands before it in a pipeline; `tee` passes on what it reads. */
  readonly piped?: SyntaxNode
  /** Redirections of the compound command around it. */
  readonly around: readonly Redirection[]
  /** Names of the functions around it. */
  readonly within: readonly string[]
}

/** Words of a command that are no assignments; those of `export` and its like are visited apart. */
export function wordNodes({ name, args }: Command): Word[] {
  return name ? [name, ...args.filter((one) => one.type === 'Word')] : []
}

/** The definitions and commands below a node. */
export function scopeOf(root: SyntaxNode, outer: Partial<Scope>, shown: string): Scope {
  const held = new Map([...(outer.held ?? [])].map(([name, values]) => [name, [...values]]))
  const functions = new Map(outer.functions)
  const aliases = new Map(outer.aliases)
  const copies = new Map(outer.copies)
  const commands: Placed[] = []
  const assignments: Assignment[] = []
  const hold = (name: string, value: Held) => {
    const values = held.get(name) ?? []
    held.set(name, [...values.slice(-15), value])
  }
  const place = { hold, variables: () => last(held), shown }
  const visit = (node: SyntaxNode, at: Omit<Placed, 'node'>) => {
    if (node.type === 'Assignment') {
      assignments.push(node)
      assign(node, place)
    }
    if (node.type === 'Function') functions.set(node.name.value, node)
    if ((node.type === 'For' || node.type === 'Select') && node.wordlist) {
      for (const word of node.wordlist) {
        for (const one of wordsOf(word, shown, last(held))) hold(node.name.value, [one])
      }
    }
    if (node.type === 'Command') {
      commands.push({ node, ...at })
      define(node, { ...place, aliases, copies })
    }
    const inner: Omit<Placed, 'node'> =
      node.type === 'Redirected'
        ? { ...at, around: node.redirects }
        : node.type === 'Function'
          ? { ...at, within: [...at.within, node.name.value] }
          : at
    if (node.type !== 'Pipeline') return forEachChild(node, (child) => visit(child, inner))
    for (const [index, child] of node.commands.entries()) {
      const before = sourceIn(node.commands.slice(0, index))
      visit(child, before ? { ...at, piped: before } : at)
    }
  }
  visit(root, { around: [], within: [] })
  return { held, functions, aliases, copies, commands, assignments }
}

/** The last value of every variable. */
export function last(held: Scope['held']): ShellVariables {
  return new Map([...held].map(([name, values]) => [name, values.at(-1)!]))
}

interface Place {
  hold(name: string, value: Held): void
  variables(): ShellVariables
  readonly shown: string
}

function sourceIn(before: readonly SyntaxNode[]): SyntaxNode | undefined {
  const passes = (node: SyntaxNode) => node.type === 'Command' && node.name?.value === 'tee'
  return before.filter((node) => !passes(node)).at(-1)
}

function assign({ name, value, append, index }: Assignment, { hold, variables, shown }: Place) {
  const before = append ? (variables().get(name) ?? []) : []
  if (value.type === 'ArrayValue')
    return hold(name, [...before, ...elements(value, variables(), shown)])
  const one = wordValue(value, variables())
  if (index) return hold(name, [...(variables().get(name) ?? []), one])
  const [old] = before
  hold(name, [old ? { value: old.value + one.value, known: old.known && one.known } : one])
}

function elements(value: ArrayValue, variables: ShellVariables, shown: string): Held {
  // `[key]=value` of an associative array.
  return value.elements
    .flatMap((word) => wordsOf(word, shown, variables))
    .map((word) => ({ ...word, value: word.value.replace(/^\[[^\]]*\]=/, '') }))
}

/** Builtins that give names to things. */
function define(
  node: Command,
  to: Place & { readonly aliases: Map<string, Word>; readonly copies: Map<string, string> },
): void {
  const words = wordNodes(node)
  const values = words.map((word) => wordValue(word, to.variables()).value)
  const operands = values.slice(1).filter((value) => !value.startsWith('-'))
  switch (values[0]) {
    case 'alias':
      for (const arg of node.args) {
        if (arg.type === 'Assignment' && arg.value.type === 'Word')
          to.aliases.set(arg.name, arg.value)
        else if (arg.type === 'Word') aliasIn(arg, to.aliases)
      }
      return
    case 'set': {
      const dashes = values.indexOf('--')
      const plain = values.findIndex((value, n) => n > 0 && !/^[-+]/.test(value))
      const isOption = /^[-+]o$/.test(values[plain - 1] ?? '')
      const start = dashes >= 0 ? dashes + 1 : isOption ? -1 : plain
      const from = start < 0 ? undefined : words.slice(start)
      if (!from) return
      const given = from.flatMap((word) => wordsOf(word, to.shown, to.variables()))
      to.hold('@', given)
      for (const [n, one] of given.slice(0, 9).entries()) to.hold(String(n + 1), [one])
      return
    }
    case 'printf': {
      const printed = values.slice(3).map((value) => ({ value, known: true }))
      const text = outputOf([{ value: 'printf', known: true }, ...printed])
      if (values[1] === '-v' && text) to.hold(values[2] ?? '', [text])
      return
    }
    case 'hash':
      if (values[1] === '-p') to.copies.set(values[3] ?? '', values[2] ?? '')
      return
    case 'ln':
    case 'cp':
    case 'install':
    case 'mv': {
      const [from, as] = operands.slice(-2)
      if (from && as && operands.length > 1 && !as.endsWith('/')) to.copies.set(as, from)
    }
  }
}

/** `alias r="rebar3 as test"`, where the parser sees one word. */
function aliasIn(word: Word, aliases: Map<string, Word>): void {
  const [, name, rest = ''] = /^([\w.+-]+)=([\s\S]*)$/.exec(word.value) ?? []
  if (name) aliases.set(name, { ...word, value: rest, parts: undefined })
}

/** A value without its place, for a text that has others. */
export function placeless(words: readonly Value[]): Held {
  return words.map(({ value, known }) => ({ value, known }))
}
