import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * GitHub's packages import JSON in a way that Node 20 does not know, so they are bundled first.
 *
 * @returns what the modules export, together
 */
export async function bundle<Exports>(modules: readonly string[]): Promise<Exports> {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-parser-'))
  const outfile = join(folder, 'parser.cjs')
  try {
    await build({
      stdin: {
        contents: modules.map((name) => `export * from '${name}'`).join('\n'),
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      outfile,
      logLevel: 'error',
    })
    return createRequire(import.meta.url)(outfile) as Exports
  } finally {
    rmSync(folder, { recursive: true })
  }
}
