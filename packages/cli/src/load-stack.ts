import { readFileSync, type Stats, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isStack, type Stack, UserError, validateStack } from '@erlmcp/core'
import { shown } from './mistake.ts'
import { guarded } from './stack-guard.ts'

/** A stack and where it came from. */
export interface Loaded {
  readonly stack: Stack
  /** Absolute path of its file. */
  readonly file: string
  /** Folder of the file: the project, unless another is asked for. */
  readonly folder: string
}

const names = ['stack.ts', 'stack.mts', 'stack.js', 'stack.mjs']

/**
 * Runs a stack's file, TypeScript or JavaScript, and takes its default export.
 *
 * @throws UserError for whatever is wrong with the file, with the place in it
 */
export async function loadStack(name: string | undefined): Promise<Loaded> {
  const file = findFile(name)
  const exported = exportsOf(await guarded(file, () => importFile(file)))
  const stack = exported.default
  if (!isStack(stack)) throw noStack(file, exported)
  validateStack(stack)
  return { stack, file, folder: dirname(file) }
}

function findFile(name: string | undefined): string {
  const tried = name === undefined ? names : [name]
  const found = tried.map((one) => resolve(one)).find((one) => statOf(one)?.isFile())
  if (found === undefined) throw noFile(name)
  if (!/\.[cm]?[jt]s$/.test(found)) {
    throw new UserError({
      what: `${shown(found)} is neither TypeScript nor JavaScript`,
      help: 'Name the file of the stack, as in stack.ts.',
    })
  }
  return found
}

function noFile(name: string | undefined): UserError {
  if (name === undefined) {
    return new UserError({
      what: `there is no stack here: none of ${names.join(', ')}`,
      help: 'Go to the folder of the stack, or name its file: erlmcp synth path/to/stack.ts',
    })
  }
  const folder = statOf(name)?.isDirectory()
  return new UserError({
    what: folder ? `${name} is a folder` : `there is no file ${name}`,
    help: `Name the file of the stack, as in ${folder ? `${name.replace(/\/$/, '')}/stack.ts` : 'stack.ts'}.`,
  })
}

// What is no path at all: through a file, in a circle of links, longer than a path can be.
const nowhere = new Set(['ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

function statOf(path: string): Stats | undefined {
  return orUnreadable(path, () => {
    try {
      return statSync(path, { throwIfNoEntry: false })
    } catch (error) {
      if (nowhere.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
      throw error
    }
  })
}

function orUnreadable<Result>(path: string, look: () => Result): Result {
  try {
    return look()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    throw new UserError({
      what: `you may not read ${shown(path)}`,
      help: 'Change its owner or mode, or that of its folder.',
      kind: 'environment',
    })
  }
}

async function importFile(file: string): Promise<Record<string, unknown>> {
  const text = orUnreadable(file, () => readFileSync(file, 'utf8'))
  if (!/\.[cm]?ts$/.test(file)) return import(pathToFileURL(file).href)
  await importLanguages(file, text)
  // Origins are lines of the TypeScript, not of what it is compiled to.
  process.setSourceMapsEnabled(true)
  // A file of a package that does not say `"type": "module"` is loaded as CommonJS.
  const [esm, cjs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')])
  const unregister = [esm.register(), cjs.register()]
  try {
    // Node 20 cannot import what tsx makes of a `.cts` file; it can require it.
    if (file.endsWith('.cts')) return { default: createRequire(file)(file) }
    return await import(pathToFileURL(file).href)
  } finally {
    for (const undo of unregister) await undo()
  }
}

/**
 * Loads the packages of the stack's first lines before tsx is there, which would ask its worker
 * about each of their few hundred files. They are JavaScript already; it halves the time of all.
 */
async function importLanguages(file: string, text: string): Promise<void> {
  const { resolve: find } = createRequire(file)
  const imports = /\bfrom\s+['"](@erlmcp\/[\w/-]+)['"]/g
  for (const [, name] of text.matchAll(imports)) {
    try {
      await import(pathToFileURL(find(name!)).href)
    } catch {
      // What is wrong with it is said when the stack itself imports it.
    }
  }
}

/** What the file exports, also when it was compiled to CommonJS: then all of it is the default. */
function exportsOf(module: Record<string, unknown>): Record<string, unknown> {
  const inner = module.default as Record<string, unknown> | null | undefined
  return inner?.__esModule ? inner : module
}

function noStack(file: string, module: Record<string, unknown>): UserError {
  const other = Object.entries(module).find(([name, value]) => name !== 'default' && isStack(value))
  const what =
    'default' in module
      ? `the default export is no stack${butA(module.default)}`
      : 'there is no default export'
  return new UserError({
    what: `${shown(file)}: ${what}`,
    help: other
      ? `Write \`export default ${other[0]}\`.`
      : "Write `export default stack('name', […])`.",
  })
}

function butA(value: unknown): string {
  if (typeof value === 'function') return ' but a function; call it'
  if (value instanceof Promise) return ' but a promise; await it'
  return Array.isArray(value) ? ' but a list; a file describes one stack' : ''
}
