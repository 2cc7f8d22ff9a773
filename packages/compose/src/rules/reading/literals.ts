import type { Path } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isShell, words } from './words.ts'

/** What reads a text once Compose has read it. */
export type Reader =
  /** A shell, which has variables of its own. */
  | 'shell'
  /** A program, which may replace variables itself. */
  | 'program'
  /** An engine or a driver, whose options may hold a password with dollars. */
  | 'options'
  /** The engine, which takes it as it is. */
  | 'engine'

/** A text of a file that has a dollar which is no variable of Compose's. */
export interface Literal {
  readonly path: Path
  /** As it is passed on: one dollar for two. */
  readonly text: string
  readonly reader: Reader
}

// Files in a language of their own, which has variables.
const contents: ReadonlySet<string> = new Set(['content', 'dockerfile_inline'])

/** Every text with a literal dollar, but for files within the file and for extensions. */
export function* literals(file: ComposeFile): Iterable<Literal> {
  for (const { path, text } of texts(file, [])) {
    yield { path, text: text.replaceAll('$$', '$'), reader: readerOf(file, path) }
  }
}

function* texts(
  node: unknown,
  path: Path,
): Iterable<{ readonly path: Path; readonly text: string }> {
  if (typeof node === 'string') {
    if (node.includes('$$')) yield { path, text: node }
  } else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key.startsWith('x-') || contents.has(key)) continue
      yield* texts(value, [...path, Array.isArray(node) ? Number(key) : key])
    }
  }
}

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
  if (path.some((key) => passedOn.has(key))) return 'program'
  const [section, name, key, part] = path
  if (section !== 'services') return 'engine'
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
