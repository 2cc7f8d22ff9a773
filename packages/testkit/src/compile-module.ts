import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'

const compiled = new Map<string, string>()

/**
 * Compiles TypeScript modules of a package, with all that they import, into one JavaScript file for
 * child processes, which start several times faster with it than with a loader for TypeScript. The
 * file is kept in the package's `node_modules/.cache`.
 *
 * @param directory folder of the package
 * @param modules paths in that folder
 * @returns URL of the file, which exports what the modules export
 * @example
 * compileModule(join(import.meta.dirname, '..'), ['src/init-secrets.ts'])
 */
export function compileModule(directory: string, modules: readonly string[]): string {
  const contents = modules.map((path) => `export * from './${path}'`).join('\n')
  const key = `${directory}\n${contents}`
  const url = compiled.get(key) ?? compile(directory, contents)
  compiled.set(key, url)
  return url
}

function compile(directory: string, contents: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: directory, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // They are found from where the file is.
    packages: 'external',
    write: false,
    logLevel: 'error',
  })
  const { text } = outputFiles[0]!
  const cache = join(directory, 'node_modules/.cache')
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const file = join(cache, `compiled-${hash}.mjs`)
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true })
    const unfinished = `${file}.${process.pid}`
    writeFileSync(unfinished, text)
    renameSync(unfinished, file)
  }
  return pathToFileURL(file).href
}
