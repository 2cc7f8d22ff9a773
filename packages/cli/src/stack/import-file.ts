import { existsSync, readFileSync } from 'node:fs'
import * as modules from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { readRegularFile } from '@erlmcp/core'
import { displayPath } from '../report/path.ts'

type Exports = Record<string, unknown>

// How often files of the stack were imported: each time they run again.
let generation = 0

/**
 * Runs a file and the files that it imports, TypeScript or JavaScript; in `synth --watch` again and
 * again. Node strips the types itself where it can, and tsx compiles them where it cannot.
 */
export async function importFile(file: string): Promise<Exports> {
  const text = readRegularFile(file, displayPath(file)) ?? ''
  if (generation++ > 0) forgetModules()
  if (!/\.[cm]?ts$/.test(file)) return import(freshUrl(file))
  // Undeclared before Node 22.
  const { typescript } = process.features as { readonly typescript?: string | false }
  if (!typescript) return importCompiled(file, text)
  try {
    return await importStripped(file)
  } catch (error) {
    // tsx also has the messages for a file that neither of them loads.
    if (isLoadError(error)) return importCompiled(file, text, true)
    throw error
  }
}

const freshUrl = (file: string) =>
  `${pathToFileURL(file).href}${generation > 1 ? `?run=${generation}` : ''}`

let hasHooks = false

/** ES modules stay in memory: a later import needs another URL, as have the imports in it. */
function forgetModules(): void {
  const { cache } = modules.createRequire(import.meta.url)
  for (const path of Object.keys(cache)) if (!path.includes('node_modules')) delete cache[path]
  if (hasHooks || !('registerHooks' in modules)) return
  hasHooks = true
  // The types of Node 20 lack it; the check above is that of the running Node.
  const { registerHooks } = modules as unknown as { registerHooks(hooks: object): void }
  registerHooks({
    resolve(name: string, context: object, next: (...args: unknown[]) => { url: string }) {
      const found = next(name, context)
      const isOfStack = /^file:[^?]*$/.test(found.url) && !/node_modules|\/dist\//.test(found.url)
      return isOfStack ? { ...found, url: `${found.url}?run=${generation}` } : found
    },
  })
}

/** Without the warnings about `type` in package.json, which tsx does not need either. */
async function importStripped(file: string): Promise<Exports> {
  const { emit } = process
  const isAboutType = (event: unknown, warning: unknown) =>
    event === 'warning' && /MODULE_TYPELESS|Failed to load the ES module/.test(inspect(warning))
  process.emit = function (this: NodeJS.Process, ...args: never[]) {
    return !isAboutType(args[0], args[1]) && Reflect.apply(emit, this, args)
  } as typeof emit
  try {
    return await import(freshUrl(file))
  } finally {
    // Warnings are emitted in the next tick.
    await new Promise((done) => setImmediate(done))
    process.emit = emit
  }
}

/** Whether a file was not loaded, rather than failed: an enum, a name without extension, a missing file. */
function isLoadError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '' } = error as NodeJS.ErrnoException
  return (
    error.name === 'SyntaxError' ||
    /TYPESCRIPT|TYPE_STRIPPING|MODULE|DIR_IMPORT|FILE_EXTENSION|PACKAGE_/.test(code)
  )
}

async function importCompiled(file: string, text: string, wasTried = false): Promise<Exports> {
  await importPackages(file, text)
  // Origins are lines of the TypeScript, not of the compiled code.
  process.setSourceMapsEnabled(true)
  const [esm, cjs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')])
  // A file that was imported before, or failed to, only runs again in another namespace. Those of
  // CommonJS have no locations in a namespace, and need none.
  const namespace = wasTried || generation > 1 ? `erlmcp-${generation}` : undefined
  const unregister: (() => unknown)[] = [cjs.register()]
  try {
    // Node 20 cannot import a compiled `.cts` file; it can require it.
    if (file.endsWith('.cts') || (namespace && isCommonJs(file))) {
      return { default: modules.createRequire(file)(file) }
    }
    const url = pathToFileURL(file).href
    if (namespace === undefined) {
      unregister.push(esm.register())
      return await import(url)
    }
    const loader = esm.register({ namespace })
    unregister.push(loader.unregister)
    return await loader.import(url, import.meta.url)
  } finally {
    for (const undo of unregister) await undo()
  }
}

function isCommonJs(file: string): boolean {
  if (!file.endsWith('.ts')) return file.endsWith('.cts')
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      return !/"type"\s*:\s*"module"/.test(readFileSync(manifest, 'utf8'))
    }
    if (dirname(folder) === folder) return true
  }
}

/**
 * Imports the packages of the stack before tsx is registered, whose worker would resolve each of their
 * files. They are JavaScript already.
 */
async function importPackages(file: string, text: string): Promise<void> {
  const { resolve } = modules.createRequire(file)
  const imports = /\bfrom\s+['"](@erlmcp\/[\w/-]+)['"]/g
  for (const [, name] of text.matchAll(imports)) {
    try {
      await import(pathToFileURL(resolve(name!)).href)
    } catch {
      // The import of the stack itself reports the error.
    }
  }
}
