import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileModule } from '@erlmcp/testkit'
import { afterAll } from 'vitest'

let index: string | undefined

/** A script that begins with `program`, in which `@erlmcp/core` is this package. Returns its path. */
export function compiledProgram(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-compiled-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const script = join(folder, 'program.mjs')
  index ??= compileModule(fileURLToPath(new URL('../index.ts', import.meta.url)))
  writeFileSync(script, program.replaceAll('@erlmcp/core', index))
  return script
}
