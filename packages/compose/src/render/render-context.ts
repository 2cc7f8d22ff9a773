import {
  type Document,
  isTagged,
  ORIGIN,
  type Origin,
  type Originated,
  TAG,
  type Tagged,
  UserError,
} from '@erlmcp/core'
import { isReset } from '../merge/tag.ts'
import type {
  ConfigValue,
  ModelValue,
  NetworkValue,
  SecretValue,
  VolumeValue,
} from '../schema/author.gen.ts'
import {
  type Interpolation,
  interpolationText,
  isInterpolation,
  literalText,
  type Variable,
} from '../values/interpolation.ts'
import { validateName } from '../values/name.ts'
import type { Declaration } from './dotenv-document.ts'

type Named = NetworkValue | VolumeValue | SecretValue | ConfigValue | ModelValue

/** Everything that the values of one file use, collected while they are rendered. */
export class RenderContext {
  readonly networks = new Map<string, NetworkValue>()
  readonly volumes = new Map<string, VolumeValue>()
  readonly secrets = new Map<string, SecretValue>()
  readonly configs = new Map<string, ConfigValue>()
  readonly models = new Map<string, ModelValue>()
  /** Generated files that a service mounts. */
  readonly documents: Document[] = []
  readonly variables: Declaration[] = []
  /** The service that is being rendered, for the variables that it uses. */
  consumer = ''

  readonly file: string
  readonly dialect: 'compose' | 'swarm'
  /** The file whose folder relative paths begin at: the base of an overlay, else the file itself. */
  readonly root: string

  constructor(file: string, dialect: 'compose' | 'swarm' = 'compose', root: string = file) {
    this.file = file
    this.dialect = dialect
    this.root = root
  }

  /** Adds a value to the file. Returns its name. */
  register(value: Named): string {
    const values = this.#of(value)
    const known = values.get(value.name)
    if (known === undefined) {
      validateName(value.kind, value.name, value[ORIGIN])
      values.set(value.name, value)
    } else if (known !== value && !sameSpec(known.spec, value.spec)) throw clash(known, value)
    return value.name
  }

  #of({ kind }: Named): Map<string, Named> {
    return this[`${kind}s`] as Map<string, Named>
  }

  /**
   * Data as it is in the file: `$` doubled, variables printed and declared. Data that needs no change is
   * returned as it is, not copied.
   */
  render(value: unknown): unknown {
    // Validation reports `undefined` in a list, such as an unset variable of the shell.
    if (value === undefined || isPlain(value)) return value
    if (typeof value === 'string') return literalText(value)
    if (isInterpolation(value)) {
      this.#declare(value)
      if (this.dialect === 'swarm') validateForSwarm(value)
      return interpolationText(value)
    }
    if (Array.isArray(value)) return value.map((item) => this.render(item))
    if (isTagged(value)) return retagged(value, this.render(value.value))
    return this.renderFields(value as object)
  }

  /** The same for an object, always as a new one. The keys in `besides` are copied unchanged. */
  renderFields(value: object, besides?: ReadonlySet<string>): Record<string, unknown> {
    const source = value as Record<string, unknown> & Originated
    const out: Record<string, unknown> = {}
    for (const key in source) {
      const field = source[key]
      if (field !== undefined) out[key] = besides?.has(key) ? field : this.render(field)
    }
    return withOrigin(out, source[ORIGIN])
  }

  /** The reader of a variable; `docker stack deploy` does not read `.env`. */
  #reader(): string {
    const exported = this.dialect === 'swarm' ? 'exported by the shell' : ''
    return [this.consumer, exported].filter((part) => part !== '').join(', ')
  }

  #declare({ parts, [ORIGIN]: origin }: Interpolation): void {
    for (const part of parts) {
      if (typeof part === 'string') continue
      this.variables.push(withOrigin(declaration(part, this.file, this.#reader()), origin))
      if (isInterpolation(part.operand)) this.#declare(part.operand)
    }
  }
}

/**
 * A rendered value with its tag. Scalars replace the value of the base anyway, and lose theirs: Compose
 * reads a tagged number as text.
 */
export function retagged(tagged: Tagged, value: unknown): unknown {
  const isScalar = typeof value !== 'object' && !isReset(tagged)
  return isScalar ? value : { [TAG]: tagged[TAG], value }
}

const tagKey: symbol = TAG

/** Whether data needs no rendering, as nearly all of a file. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('$')
  if (typeof value !== 'object' || value === null) return value !== undefined
  if (Array.isArray(value)) {
    for (const item of value) if (!isPlain(item)) return false
    return true
  }
  if (isInterpolation(value)) return false
  if (tagKey in value) return false
  for (const key in value) {
    if (!isPlain((value as Record<string, unknown>)[key])) return false
  }
  return true
}

/** Sets the origin of a node: the call that it comes from. */
export function withOrigin<Node extends object>(node: Node, origin: Origin | undefined): Node {
  if (origin !== undefined) (node as { [ORIGIN]?: Origin })[ORIGIN] = origin
  return node
}

function declaration({ name, mode, operand, description }: Variable, file: string, user: string) {
  const use = user === '' ? file : `${file} (${user})`
  const value = isInterpolation(operand) ? interpolationText(operand) : operand
  return {
    name,
    uses: [use],
    ...(description !== undefined && { description }),
    ...(mode === 'required' && { required: value }),
    ...(mode === 'default' && !isInterpolation(operand) && { defaults: [value] }),
  }
}

/** The docker CLI's interpolation is simpler than Compose's: no nesting, no `:+`, no `$` within. */
function validateForSwarm(value: Interpolation): void {
  for (const part of value.parts) {
    if (typeof part === 'string') continue
    const plain = typeof part.operand === 'string' && !part.operand.includes('$')
    if (plain && part.mode !== 'alternate') continue
    throw new UserError({
      message: `docker stack deploy cannot read ${interpolationText(value)}`,
      hint: 'Write a plain default, without a variable, a dollar or `:+`.',
      origin: value[ORIGIN],
    })
  }
}

/** Two equal calls are one value: `network('edge')` may be written where it is used. */
function sameSpec(first: object, second: object): boolean {
  return JSON.stringify(first) === JSON.stringify(second)
}

/** The error for two different values of one kind and name. */
export function clash(
  known: { kind: string; name: string } & Originated,
  value: { name: string } & Originated,
): UserError {
  const first = new UserError({ message: '', hint: '', origin: known[ORIGIN] }).location
  const where = first ? `; the other is at ${first.file}:${first.line}:${first.column}` : ''
  return new UserError({
    message: `two different ${known.kind}s of one file are named ${value.name}${where}`,
    hint: `Use one ${known.kind} value in both places, or give one of them another name.`,
    origin: value[ORIGIN],
  })
}
