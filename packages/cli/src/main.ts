#!/usr/bin/env node
import { run } from './run.ts'

// A stack.ts may leave timers or sockets behind; the command is over all the same.
run(process.argv.slice(2)).then((code) => {
  process.stdout.write('', () => process.exit(code))
})
