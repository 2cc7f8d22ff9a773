import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '@erlmcp/core'
import { inWords, shown } from './mistake.ts'

// The stack's code runs in our process, also after its file was loaded: what it does late is its
// failure all the same, and must not end the command with somebody's own exit code.
let running = ''
let exited: UserError | undefined

/** The file whose code ran last, where there was one. */
export function stackFile(): string | undefined {
  return running === '' ? undefined : running
}

/** Makes `process.exit` an error of the stack, until the function it returns is called. */
export function forbidExit(): () => void {
  const { exit } = process
  exited = undefined
  process.exit = (code) => {
    exited = new UserError({
      message: `${running === '' ? 'the stack' : shown(running)} calls process.exit(${code ?? ''})`,
      hint: 'Let the file end by itself: it describes the stack, and the command does the rest.',
    })
    throw exited
  }
  return () => {
    process.exit = exit
  }
}

/**
 * Runs code of the stack, and waits a moment for what it left behind; what it throws is told in
 * words.
 */
export async function guarded<Result>(
  file: string,
  load: () => Result | Promise<Result>,
): Promise<Result> {
  running = file
  try {
    const result = await load()
    await settle()
    // Also when the file has caught what `process.exit` threw.
    if (exited) throw exited
    return result
  } catch (error) {
    throw exited ?? inWords(file, error)
  }
}

// What a late failure comes from: timers, files, names, connections.
const pending =
  /^(Timeout|Immediate|FSReq|FileHandle|GetAddrInfo|GetNameInfo|TCPConnect|PipeConnect)/
const patience = 250

/**
 * Lets rejections, timers and reads that the stack did not wait for happen now, before anything is
 * written: newer Nodes load a file without a pause, so that nothing of it would run before the end.
 */
async function settle(): Promise<void> {
  const end = Date.now() + patience
  await sleep(0)
  while (!exited && Date.now() < end && process.getActiveResourcesInfo().some(isPending)) {
    await sleep(5)
  }
}

const isPending = (resource: string) => pending.test(resource)
