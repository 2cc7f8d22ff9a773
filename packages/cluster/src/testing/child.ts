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

/**
 * Calls a function of `src/backup` in a process that kills itself some milliseconds after it was told
 * of a step. Nothing of it can tidy up then.
 */
export function killedAt(
  file: string,
  name: string,
  given: readonly unknown[],
  step: string,
  milliseconds: number,
): ChildProcess {
  const text = `
    import { ${name} } from ${JSON.stringify(source(`backup/${file}`))}
    const given = ${JSON.stringify(given)}
    const options = given.length > ${name}.length ? given.pop() : {}
    const progress = (message) => {
      if (!message.startsWith(${JSON.stringify(step)})) return
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${milliseconds})
    }
    await ${name}(...given, { ...options, progress })
    console.log('done')`
  return start([process.execPath, '--import', 'tsx', '--input-type=module', '--eval', text])
}
