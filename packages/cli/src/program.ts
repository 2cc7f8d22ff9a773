import { exit } from './exit.ts'
import { reportError } from './report/error.ts'
import { run, streams } from './run.ts'
import { explainStackError } from './stack/explain-stack-error.ts'
import { forbidExit, stackFile } from './stack/guard.ts'

const argv = process.argv.slice(2)
// Before the stack runs, which may replace them.
const flush = process.stdout.write.bind(process.stdout)
const leave = process.exit.bind(process)
let finished = false
// Until the end: a timer of the stack may fire while output is still being written.
forbidExit()

run(argv).then(end)

// Pending timers or sockets of a stack.ts do not keep the command alive. A pipe may still hold unread
// output.
function end(code: number): void {
  finished = true
  flush('', () => {
    const failure = outputError()
    if (failure)
      process.stderr.write(`erlmcp: standard output cannot be written: ${failure.message}\n`)
    process.stderr.write('', () => {
      const final = failure ? exit.missing : code
      keepExitCode(final)
      leave(final)
    })
  })
}

/** Exit listeners of the stack must not change the exit code. */
function keepExitCode(code: number): void {
  const others = process.listeners('exit')
  process.removeAllListeners('exit')
  process.once('exit', () => {
    for (const other of others) {
      try {
        other(code)
      } catch {
        // The exit code is decided.
      }
    }
    process.exitCode = code
  })
}

/** A reader such as `head` may close the pipe early; a full disk is an error. */
function outputError(): Error | undefined {
  const error: NodeJS.ErrnoException | null = process.stdout.errored
  return error === null || error.code === 'EPIPE' ? undefined : error
}

// Thrown by a timer or a promise that the stack does not await.
const failLate = (error: unknown) => {
  if (!finished) end(reportError(explainStackError(stackFile(), error), argv, streams))
}
process.on('uncaughtException', failLate)
process.on('unhandledRejection', failLate)

// The event loop is empty, and the command has not finished.
process.once('beforeExit', () => {
  if (finished) return
  process.stderr.write('erlmcp: the stack awaits a promise that never settles\n')
  process.stderr.write('  Check each `await` at the top level of its file. Nothing was written.\n')
  end(exit.usage)
})

// Errors of the streams are handled at the end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
