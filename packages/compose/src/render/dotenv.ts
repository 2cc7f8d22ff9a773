import { type Format, ORIGIN } from '@erlmcp/core'
import { lint } from '../lint/load.ts'
import { isOfShell } from '../model/shell-variables.ts'
import type { Declaration, Dotenv } from './dotenv-document.ts'

/**
 * An example for `.env`, as `docker compose --env-file` reads it: each variable with its description,
 * the services that read it, and its default. Required ones are empty, which Compose rejects with the
 * author's message.
 *
 * @see https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
 */
export const dotenvFormat: Format<Dotenv> = {
  name: 'dotenv',
  rules: () => lint().dotenvRules,
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
  const set = (value: string) => assignment(name, value)
  const notes = [
    ...(description === undefined ? [] : [description]),
    ...(required === undefined ? [] : [`required: ${required}`]),
    `used by ${uses.join(', ')}`,
    ...(defaults.length > 1 ? [`defaults differ: ${defaults.map(quote).join(', ')}`] : []),
    ...(isOfShell(name) ? ['of the shell itself: one that reads this file would break'] : []),
  ]
  const value = required === undefined ? defaults[0] : ''
  const isOpen = required === undefined && defaults.length !== 1
  if (isOpen) return `${comment(notes)}# ${name}=\n`
  if (isOfShell(name)) return comment([...notes, ...set(value ?? '')])
  return `${comment(notes)}${set(value ?? '').join('\n')}\n`
}

/** Each line of the texts behind a comment mark. */
function comment(texts: readonly string[]): string {
  const lines = texts.flatMap((text) => text.split(/\r\n|[\r\n]/))
  return lines.map((line) => `# ${line}\n`).join('')
}

/**
 * The lines that set a variable, for Compose and for a POSIX shell that reads the file (`. ./.env`).
 * Within double quotes a shell runs the text between backticks, and Compose cannot escape one: then
 * the first line sets the variable to a backtick, and the second one inserts it.
 */
function assignment(name: string, value: string): readonly string[] {
  const quoted = quote(value)
  if (!quoted.startsWith('"') || !value.includes('`')) return [`${name}=${quoted}`]
  return [`${name}='\`'`, `${name}=${quoted.replaceAll('`', `\${${name}}`)}`]
}

/**
 * A quoted value that is read back unchanged, except for a backtick in double quotes. Single quotes
 * cannot contain a single quote or, for Compose, end in a backslash.
 */
function quote(value: string): string {
  if (/^[\w./:@%+,-]*$/.test(value)) return value
  const isSingle = !value.includes("'") && !/(?<!\\)(?:\\\\)*\\$/.test(value)
  return isSingle ? `'${value}'` : `"${value.replace(/[\\"$]/g, '\\$&')}"`
}

/** One declaration per name, sorted by name. */
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
    [ORIGIN]: first[ORIGIN] ?? second[ORIGIN],
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
