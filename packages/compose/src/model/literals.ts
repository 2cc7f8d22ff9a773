import type { Path } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { isTypeScript } from './dialect.ts'
import { textsWith } from './texts.ts'
import { isShell, words } from './words.ts'

/** The consumer of a text after interpolation. */
export type Reader =
  /** A shell, which has variables of its own. */
  | 'shell'
  /** A program, which may replace variables itself. */
  | 'program'
  /** An engine or a driver, whose options may contain a password with dollars. */
  | 'options'
  /** The engine, which uses it literally. */
  | 'engine'

/** A text with a literal dollar. */
export interface Literal {
  readonly path: Path
  /** The text with single dollars, as it is passed on. */
  readonly text: string
  /** The text without its Compose variables. */
  readonly rest: string
  /** The variable whose default it is. */
  readonly defaultOf?: string
  /** The variable in whose default the dollar is. */
  readonly inDefaultOf?: string
  readonly reader: Reader
}

// Files in another language, which has its own variables.
const contents: ReadonlySet<unknown> = new Set(['content', 'dockerfile_inline'])

/** Every text with a literal dollar, except inline files and extensions. */
export function* literals(file: ComposeFile): Iterable<Literal> {
  for (const { path, text } of textsWith('$$', file)) {
    if (path.some((key) => contents.has(key))) continue
    const reader = readerOf(file, path)
    const rest = text.replace(variable, (found, _, inner) => {
      return found === '$$' || inner?.includes('${') ? found : ''
    })
    if (rest.includes('$$')) yield { path, text: single(text), rest: single(rest), reader }
    for (const [found, defaultOf, inner] of text.matchAll(variable)) {
      if (found === '$$' || !inner?.includes('$$')) continue
      yield { path, text: single(inner), rest: single(inner), reader, defaultOf: defaultOf! }
    }
  }
}

/** A literal dollar, or a variable and its default. */
const variable = /\$\$|\$\{(\w+)(?::?-([^{}]*)|[^{}]*)\}/g

/** A variable in the syntax of Compose or of a shell. */
export const anyVariable = /\$(?:\{[A-Za-z_][^}]*\}|[A-Za-z_]\w*|\()/

/** Whether a value is a literal variable name, which variable-literal reports. */
export function isVariableAsText(file: ComposeFile, path: Path, value: unknown): boolean {
  if (typeof value !== 'string' || !value.includes('$$')) return false
  if (!isTypeScript(file) || isVariableName(path)) return false
  return anyVariable.test(single(value)) && readerOf(file, path) === 'engine'
}

/** What a secret or config is read from is the name of a variable, without a dollar. */
export function isVariableName([section, , key]: Path): boolean {
  return key === 'environment' && (section === 'secrets' || section === 'configs')
}

const single = (text: string) => text.replaceAll('$$', '$')

// Keys of a service whose text a program receives, and may read as it likes.
const passedOn: ReadonlySet<unknown> = new Set([
  'environment',
  'labels',
  'annotations',
  'provider',
  'models',
])
const withOptions: ReadonlySet<unknown> = new Set(['driver_opts', 'storage_opt', 'options'])

function readerOf(file: ComposeFile, path: Path): Reader {
  if (path.some((key) => withOptions.has(key)) && path[2] !== 'provider') return 'options'
  const [section, name, key, part] = path
  // No program sees the labels of a network.
  if (section !== 'services') return key === 'labels' ? 'options' : 'engine'
  if (path.some((key) => passedOn.has(key))) return 'program'
  const service = file.services?.[name!]
  if (key === 'command' || key === 'entrypoint') {
    const read = isShell(words(service?.entrypoint)) || isShell(words(service?.[key]))
    return read ? 'shell' : 'program'
  }
  if (key === 'healthcheck' && part === 'test') {
    const test = service?.healthcheck?.test
    const read =
      typeof test === 'string' || test?.[0] === 'CMD-SHELL' || isShell(test?.slice(1) ?? [])
    return read ? 'shell' : 'program'
  }
  // Commands of hooks: they run with a shell or without, as they are written.
  return path.includes('command') ? 'shell' : 'engine'
}
