import { fileURLToPath } from 'node:url'
import { compileModule } from '@erlmcp/testkit'

let run: string | undefined

/** The command of a program that has all of `@erlmcp/secrets/run` and, once it is loaded, runs as `uid`. */
export function program(body: string, uid?: number): string[] {
  run ??= compileModule(fileURLToPath(new URL('../run.ts', import.meta.url)))
  const become = `process.setgroups([]); process.setgid(${uid}); process.setuid(${uid})`
  const text = `
    import { finishRotation, initSecrets, rotateSecrets } from ${JSON.stringify(run)}
    ${uid === undefined ? '' : become}
    ${body}`
  return [process.execPath, '--input-type=module', '--eval', text]
}
