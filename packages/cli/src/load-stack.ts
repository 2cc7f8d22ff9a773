import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { types } from 'node:util'
import {
  collectHosts,
  type Host,
  isStack,
  readRegularFile,
  type Stack,
  UserError,
  validateStack,
} from '@erlmcp/core'
import { findStack } from './find-stack.ts'
import { shown } from './mistake.ts'
import { guarded } from './stack-guard.ts'

/** A file that was run, and the stack or the hosts of stacks in it. */
export interface Loaded {
  /** Absolute path of the file. */
  readonly file: string
  /** Folder of the file: the project, unless another is asked for. */
  readonly folder: string
  /** Its default export; undefined where hosts have the stacks. */
  readonly stack?: Stack
  /** The projects of projen that it describes. */
  readonly hosts: readonly Host[]
  /** The one of several stacks that was asked for. */
  readonly name?: string
}

/**
 * Runs a stack's file, TypeScript or JavaScript, and takes its default export, or the projen project
 * that it describes.
 *
 * @throws UserError for whatever is wrong with the file, with the place in it
 */
export async function loadStack(name: string | undefined): Promise<Loaded> {
  const { file, projen, name: one } = findStack(name)
  const folder = dirname(file)
  let module: Record<string, unknown> = {}
  const hosts = await collectHosts(async () => {
    module = await guarded(file, () => workingIn(projen, () => importFile(file)))
  })
  const loaded = { file, folder, hosts, ...(one !== undefined && { name: one }) }
  if (hosts.length > 0) return loaded
  const exported = exportsOf(module)
  const stack = exported.default
  if (!isStack(stack)) throw noStack(file, exported, projen !== undefined)
  await guarded(file, () => validateStack(stack))
  return { ...loaded, stack }
}

/** projen takes the folder that it runs in for the project's. */
async function workingIn<Result>(
  folder: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = process.cwd()
  process.chdir(folder ?? before)
  try {
    return await work()
  } finally {
    process.chdir(before)
  }
}

async function importFile(file: string): Promise<Record<string, unknown>> {
  const text = readRegularFile(file, shown(file)) ?? ''
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
  return !types.isProxy(inner) && inner?.__esModule ? inner : module
}

function noStack(file: string, module: Record<string, unknown>, isProjen: boolean): UserError {
  const other = Object.entries(module).find(([name, value]) => name !== 'default' && isStack(value))
  const message =
    'default' in module
      ? `the default export is no stack${butA(module.default)}`
      : 'there is no default export'
  return new UserError({
    message: `${shown(file)}: ${message}`,
    hint: isProjen
      ? "Add `new ErlmcpStack(project, stack('name', […]))` of @erlmcp/projen to it."
      : other
        ? `Write \`export default ${other[0]}\`.`
        : "Write `export default stack('name', […])`.",
  })
}

function butA(value: unknown): string {
  if (types.isProxy(value)) return ' but a proxy; give the stack itself'
  if (typeof value === 'function') return ' but a function; call it'
  if (value instanceof Promise) return ' but a promise; await it'
  return Array.isArray(value) ? ' but a list; a file describes one stack' : ''
}
