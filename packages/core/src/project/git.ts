/** A finished git command. */
export interface GitResult {
  readonly isOk: boolean
  readonly stdout: Uint8Array
  /** Without surrounding white space. */
  readonly stderr: string
}

/**
 * Runs git in a folder.
 *
 * @param env variables in addition to those of this process
 * @returns undefined when there is no git command, or no such folder
 * @example
 * const commit = runGit('.', ['rev-parse', 'HEAD'])?.stdout
 */
export function runGit(
  folder: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): GitResult | undefined {
  // Not an import: every stack loads this package, and few run git.
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { status, stdout, stderr, error } = spawnSync('git', argv, {
    cwd: folder,
    env: { ...process.env, ...env },
    maxBuffer: 1 << 30,
  })
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined
  if (error) throw error
  return { isOk: status === 0, stdout, stderr: stderr.toString().trim() }
}

/**
 * Runs git as {@link runGit} does, without blocking, so that several can run at once.
 *
 * @param options.env variables in addition to those of this process
 * @param options.timeout seconds after which the command fails. Default: no limit
 * @example
 * const tags = await startGit('.', ['ls-remote', '--tags', url], { timeout: 30 })
 */
export function startGit(
  folder: string,
  argv: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly timeout?: number
  } = {},
): Promise<GitResult | undefined> {
  const { execFile } = process.getBuiltinModule('node:child_process')
  const { env, timeout = 0 } = options
  const settings = {
    cwd: folder,
    env: { ...process.env, ...env },
    timeout: timeout * 1000,
    maxBuffer: 1 << 30,
    encoding: 'buffer' as const,
  }
  return new Promise((resolve) => {
    execFile('git', argv, settings, (error, stdout, stderr) => {
      const late = error?.killed ? `no answer within ${timeout} s` : ''
      const result = { isOk: error === null, stdout, stderr: stderr.toString().trim() || late }
      resolve(error?.code === 'ENOENT' ? undefined : result)
    })
  })
}

/**
 * The standard output of a git command without its last line break; undefined when the command
 * fails, or there is no git.
 *
 * @example
 * const top = gitOutput('.', 'rev-parse', '--show-toplevel')
 */
export function gitOutput(folder: string, ...argv: string[]): string | undefined {
  const result = runGit(folder, argv)
  return result?.isOk ? Buffer.from(result.stdout).toString().replace(/\n$/, '') : undefined
}
