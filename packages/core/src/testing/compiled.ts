import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileModule } from '@erlmcp/testkit'
import { afterAll } from 'vitest'

const core = fileURLToPath(new URL('../..', import.meta.url))

/** A script that begins with `program`, in which `@erlmcp/core` is this package. Returns its path. */
export function compiledProgram(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-compiled-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const script = join(folder, 'program.mjs')
  const index = compileModule(core, ['src/index.ts'])
  writeFileSync(script, program.replaceAll('@erlmcp/core', index))
  return script
}
