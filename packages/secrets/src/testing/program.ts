import { fileURLToPath } from 'node:url'
import { compileModule } from '@erlmcp/testkit'

const modules = ['init-secrets', 'certificate', 'rotate/rotate-secrets']

/**
 * The command of a program that has `initSecrets`, `rotateSecrets` and `finishRotation` and, once all
 * is loaded, runs as `uid`.
 */
export function program(body: string, uid?: number): string[] {
  const become = `process.setgroups([]); process.setgid(${uid}); process.setuid(${uid})`
  const own = fileURLToPath(new URL('../..', import.meta.url))
  const url = compileModule(
    own,
    modules.map((name) => `src/${name}.ts`),
  )
  const text = `
    import { finishRotation, initSecrets, rotateSecrets } from ${JSON.stringify(url)}
    ${uid === undefined ? '' : become}
    ${body}`
  return [process.execPath, '--input-type=module', '--eval', text]
}
