#!/usr/bin/env node
import { exit } from './exit.ts'
import { inWords } from './mistake.ts'
import { run, streams, tell } from './run.ts'
import { forbidExit, stackFile } from './stack-guard.ts'

const argv = process.argv.slice(2)
// As they are before the stack runs, which may put others in their place.
const flush = process.stdout.write.bind(process.stdout)
const leave = process.exit.bind(process)
let finished = false
// Until the end: a timer of the stack may fire while the answer is still being written.
forbidExit()

run(argv).then(end)

// A stack.ts may leave timers or sockets behind; the command is over all the same. A pipe may still
// hold text that nobody has read yet.
function end(code: number): void {
  finished = true
  flush('', () => {
    const lost = lostAnswer()
    if (lost) process.stderr.write(`erlmcp: the answer cannot be written: ${lost.message}\n`)
    process.stderr.write('', () => {
      const answer = lost ? exit.missing : code
      keepLast(answer)
      leave(answer)
    })
  })
}

/** What the stack does at the end of the process must not change what the exit code says. */
function keepLast(code: number): void {
  const others = process.listeners('exit')
  process.removeAllListeners('exit')
  process.once('exit', () => {
    for (const other of others) {
      try {
        other(code)
      } catch {
        // The answer is given.
      }
    }
    process.exitCode = code
  })
}

/** Who reads only the first lines, as `head` does, misses nothing; a full disk is another matter. */
function lostAnswer(): Error | undefined {
  const error: NodeJS.ErrnoException | null = process.stdout.errored
  return error === null || error.code === 'EPIPE' ? undefined : error
}

// Thrown by a timer or a promise that the stack does not wait for.
const failLate = (error: unknown) => {
  if (!finished) end(tell(inWords(stackFile(), error), argv, streams))
}
process.on('uncaughtException', failLate)
process.on('unhandledRejection', failLate)

// Nothing is left to do, and still no answer.
process.once('beforeExit', () => {
  if (finished) return
  process.stderr.write('erlmcp: the stack awaits something that never happens\n')
  process.stderr.write('  Look for an `await` at the top level of its file; nothing was written.\n')
  end(exit.usage)
})

// What becomes of a stream that fails is decided at the end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
