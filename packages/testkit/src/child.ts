import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** Starts a command in the repository, where tsx finds the packages' sources. */
export function startCommand(
  [command, ...args]: string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(command!, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Waits for a command of {@link startCommand} to end, and returns what it printed. */
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
 * Runs a TypeScript program, such as a block of a README, on the sources of the packages.
 *
 * @param folder where it is written to, and run
 */
export function runScript(text: string, folder: string): ReturnType<typeof finished> {
  const script = join(folder, 'script.mts')
  writeFileSync(script, `process.chdir(${JSON.stringify(folder)})\n${text}`)
  const env = { TSX_TSCONFIG_PATH: join(repository, 'tsconfig.json') }
  return finished(startCommand([process.execPath, '--import', 'tsx', script], env))
}
