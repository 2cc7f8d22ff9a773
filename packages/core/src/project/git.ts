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
