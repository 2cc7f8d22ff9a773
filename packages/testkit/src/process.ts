import { type ChildProcess, spawn } from 'node:child_process'

export interface RunOptions {
  /** Milliseconds until the command and all its children are killed. Default: one minute. */
  readonly timeout?: number
  readonly cwd?: string
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Written to the command's standard input, which is closed otherwise. */
  readonly input?: string
}

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command that did not end in time, or ended with another code than 0 where 0 was asked for. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly finished: Finished

  constructor(message: string, argv: readonly string[], finished: Finished) {
    const printed = [finished.stderr, finished.stdout].map(tail).filter(Boolean).join('\n')
    super(`${message}: ${argv.join(' ')}${printed && `\n${printed}`}`)
    this.finished = finished
  }
}

const minute = 60_000
const running = new Set<ChildProcess>()
let watching = false

/**
 * Runs a command to its end and returns what it said, whatever its exit code.
 * Nothing waits for ever: after `timeout` the whole process group is killed.
 *
 * @throws CommandError when the time is over
 */
export function run(
  argv: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<Finished> {
  const { timeout = minute, cwd, env, input } = options
  const [command, ...rest] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, {
      cwd,
      env: { ...process.env, ...env },
      // A group of its own: killing it also ends what the command has started.
      detached: true,
    })
    killWithThisProcess(child)
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text
      })
    }
    // A command may end without reading its input; that is its affair.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)

    let late = false
    const timer = setTimeout(() => {
      late = true
      killGroup(child)
    }, timeout)
    child.on('error', (error) => {
      clearTimeout(timer)
      running.delete(child)
      reject(error)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      running.delete(child)
      const finished = { code: code ?? 1, ...output }
      if (late) reject(new CommandError(`not finished after ${timeout / 1000} s`, argv, finished))
      else resolve(finished)
    })
  })
}

/** Runs a command that has to succeed. */
export async function must(
  argv: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<Finished> {
  const finished = await run(argv, options)
  if (finished.code !== 0) throw new CommandError(`exit code ${finished.code}`, argv, finished)
  return finished
}

/** The last lines of an output, which have the reason of a failure. */
function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-40).join('\n')
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

function killWithThisProcess(child: ChildProcess): void {
  if (!watching) process.once('exit', () => running.forEach(killGroup))
  watching = true
  running.add(child)
}
