import type { Format } from '@erlmcp/core'

/** A variable that files of the stack read. */
export interface Declaration {
  readonly name: string
  /** Who reads it: `compose.yaml (service app)`. */
  readonly uses: readonly string[]
  /** Every different default that it has somewhere. */
  readonly defaults?: readonly string[]
  /** What the program says where it is not set. */
  readonly required?: string
  readonly description?: string
}

/** The variables of a stack: `.env.example`. */
export interface Dotenv {
  readonly variables: readonly Declaration[]
}

/**
 * An example for `.env`, as `docker compose --env-file` reads it: each variable with what it is
 * for, who reads it, and its default. Required ones are left empty, which Compose refuses with
 * the person's own message.
 *
 * @see https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
 */
export const dotenvFormat: Format<Dotenv> = {
  name: 'dotenv',
  rules: [],
  print({ variables }, header) {
    const head = header.map((line) => `# ${line}\n`).join('')
    const joined = mergeDeclarations(variables)
    return (
      head +
      joined.map((one) => `${head === '' && one === joined[0] ? '' : '\n'}${entry(one)}`).join('')
    )
  },
  merge: (first, second) => ({
    variables: mergeDeclarations([...first.variables, ...second.variables]),
  }),
}

function entry({ name, uses, defaults = [], required, description }: Declaration): string {
  const lines = [
    ...(description === undefined ? [] : description.split(/\r\n|[\r\n]/)),
    ...(required === undefined ? [] : [`required: ${required}`]),
    `used by ${uses.join(', ')}`,
    ...(defaults.length > 1 ? [`defaults differ: ${defaults.map(quote).join(', ')}`] : []),
  ]
  const comment = lines.map((line) => `# ${line}\n`).join('')
  if (required === undefined && defaults.length !== 1) return `${comment}# ${name}=\n`
  return `${comment}${name}=${required === undefined ? quote(defaults[0] ?? '') : ''}\n`
}

/** A value that reads back as itself: bare, in single quotes, or in double ones with escapes. */
function quote(value: string): string {
  if (/^[\w./:@%+,-]*$/.test(value)) return value
  if (!/['\n\r\\]/.test(value)) return `'${value}'`
  const escaped = value
    .replace(/[\\"$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `"${escaped}"`
}

/** One declaration a name, sorted by name. */
function mergeDeclarations(all: readonly Declaration[]): Declaration[] {
  const byName = new Map<string, Declaration>()
  for (const one of all) {
    const known = byName.get(one.name)
    byName.set(one.name, known ? mergeTwo(known, one) : one)
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function mergeTwo(first: Declaration, second: Declaration): Declaration {
  const defaults = union(first.defaults, second.defaults)
  const required = first.required ?? second.required
  const description = first.description ?? second.description
  return {
    name: first.name,
    uses: union(first.uses, second.uses),
    ...(defaults.length > 0 && { defaults }),
    ...(required !== undefined && { required }),
    ...(description !== undefined && { description }),
  }
}

function union(first: readonly string[] = [], second: readonly string[] = []): string[] {
  return [...new Set([...first, ...second])].sort()
}
