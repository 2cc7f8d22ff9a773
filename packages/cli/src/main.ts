#!/usr/bin/env node
import { run } from './run.ts'

let finished = false

// A stack.ts may leave timers or sockets behind; the command is over all the same.
run(process.argv.slice(2)).then((code) => {
  finished = true
  process.stdout.write('', () => process.exit(code))
})

// Nothing is left to do, and still no answer.
process.on('exit', () => {
  if (finished) return
  process.stderr.write('erlmcp: the stack awaits something that never happens\n')
  process.stderr.write('  Look for an `await` at the top level of its file; nothing was written.\n')
  process.exitCode = 2
})

// Who reads only the first lines, as `head` does, wants no stack trace.
process.stdout.on('error', () => process.exit(finished ? undefined : 2))
