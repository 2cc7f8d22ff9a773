import { findEngineError } from './engine-error.ts'
import { startDocker } from './process.ts'
import { lastLines } from './run.ts'

/** A docker command that answers one question after the other, such as psql in a container. */
export interface DockerSession {
  /**
   * Writes to the command.
   *
   * @param marker a line that the command prints after its answer
   * @param timeout seconds. Default: no limit
   * @returns what it printed before the marker
   * @throws Error with the end of its standard error, where it ends or does not answer in time
   */
  ask(input: string, marker: string, timeout?: number): Promise<string>
  /** Ends the input. What the command holds in a server is released when it exits. */
  end(): void
  kill(): void
}

/** Opens a session, which ends with this process. */
export function openSession(args: readonly string[]): DockerSession {
  const command = startDocker(args)
  let output = ''
  let ended: Error | undefined
  let check = () => {}
  command.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    check()
  })
  const end = (error: Error) => {
    ended ??= error
    check()
  }
  command.exit.then(() => {
    const { stderr } = command
    end(findEngineError(args, stderr) ?? new Error(lastLines(stderr, 3) || 'the command ended'))
  }, end)
  return {
    ask(input, marker, timeout) {
      return new Promise((resolve, reject) => {
        const timer =
          timeout === undefined
            ? undefined
            : setTimeout(() => end(new Error(`no answer within ${timeout} s`)), timeout * 1000)
        check = () => {
          const at = `\n${output}`.indexOf(`\n${marker}\n`)
          if (at >= 0) {
            clearTimeout(timer)
            resolve(output.slice(0, at))
            output = output.slice(at + marker.length + 1)
          } else if (ended !== undefined) {
            clearTimeout(timer)
            reject(ended)
          }
        }
        check()
        command.stdin.write(input)
      })
    },
    end: () => void command.stdin.end(),
    kill: command.kill,
  }
}
