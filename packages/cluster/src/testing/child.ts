import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../../../', import.meta.url))
const source = (name: string): string => new URL(`../${name}.ts`, import.meta.url).href

/** The command of a program that has `initSecrets` and, once all is loaded, runs as `uid`. */
export function program(body: string, uid?: number): string[] {
  const become = `process.setgroups([]); process.setgid(${uid}); process.setuid(${uid})`
  const text = `
    import { initSecrets } from ${JSON.stringify(source('init-secrets'))}
    import ${JSON.stringify(source('certificate'))}
    ${uid === undefined ? '' : become}
    ${body}`
  return [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', text]
}

/** Starts a command in the repository, where tsx finds the packages' sources. */
export function start([command, ...args]: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(command!, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** What a command printed, once it has ended. */
export async function finished(
  child: ChildProcess,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}
