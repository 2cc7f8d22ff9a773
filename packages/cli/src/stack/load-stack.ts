import { dirname } from 'node:path'
import { types } from 'node:util'
import {
  collectHosts,
  type Host,
  isStack,
  type Stack,
  UserError,
  validateStack,
} from '@erlmcp/core'
import { displayPath } from '../report/path.ts'
import { findStack } from './find-stack.ts'
import { guard } from './guard.ts'
import { importFile } from './import-file.ts'

/** A file that was run, with its stack, or its hosts of stacks. */
export interface Loaded {
  /** Absolute path of the file. */
  readonly file: string
  /** Folder of the file. */
  readonly folder: string
  /** Its default export; undefined if hosts have the stacks. */
  readonly stack?: Stack
  /** The projen projects that it describes. */
  readonly hosts: readonly Host[]
  /** The selected one of several stacks. */
  readonly name?: string
}

/**
 * Runs the file of a stack, TypeScript or JavaScript, and returns its default export, or the projen
 * project that it describes.
 *
 * @throws UserError for any error of the file, with its location
 */
export async function loadStack(name: string | undefined): Promise<Loaded> {
  const { file, projen, name: selected } = findStack(name)
  const folder = dirname(file)
  let module: Record<string, unknown> = {}
  const hosts = await collectHosts(async () => {
    module = await guard(file, () => workingIn(projen, () => importFile(file)))
  })
  const loaded = { file, folder, hosts, ...(selected !== undefined && { name: selected }) }
  if (hosts.length > 0) return loaded
  const exported = exportsOf(module)
  const stack = exported.default
  if (!isStack(stack)) throw noStack(file, exported, projen !== undefined)
  await guard(file, () => validateStack(stack))
  return { ...loaded, stack }
}

/** projen uses the working folder as that of the project. */
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

/** The exports of a file; those of compiled CommonJS are in its default export. */
function exportsOf(module: Record<string, unknown>): Record<string, unknown> {
  const inner = module.default as Record<string, unknown> | null | undefined
  return !types.isProxy(inner) && inner?.__esModule ? inner : module
}

function noStack(file: string, module: Record<string, unknown>, isProjen: boolean): UserError {
  const other = Object.entries(module).find(([name, value]) => name !== 'default' && isStack(value))
  const message =
    'default' in module
      ? `expected a stack as default export${kindOf(module.default)}`
      : 'missing default export'
  return new UserError({
    message: `${displayPath(file)}: ${message}`,
    hint: isProjen
      ? "Add `new ErlmcpStack(project, stack('name', […]))` of @erlmcp/projen to it."
      : other
        ? `Write \`export default ${other[0]}\`.`
        : "Write `export default stack('name', […])`.",
  })
}

function kindOf(value: unknown): string {
  if (types.isProxy(value)) return ', got a proxy; export the stack itself'
  if (typeof value === 'function') return ', got a function; call it'
  if (value instanceof Promise) return ', got a promise; await it'
  return Array.isArray(value) ? ', got an array; export one stack' : ''
}
