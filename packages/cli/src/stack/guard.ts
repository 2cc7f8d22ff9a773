import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '@erlmcp/core'
import { displayPath } from '../report/path.ts'
import { explainStackError } from './explain-stack-error.ts'

// Code of the stack runs in our process, also after its file was loaded: a late failure is still one of
// the stack, and must not end the command with an exit code of its own.
let running = ''
let exited: UserError | undefined

/** The stack file that ran last. */
export function stackFile(): string | undefined {
  return running === '' ? undefined : running
}

/** Makes `process.exit` an error of the stack, until the function it returns is called. */
export function forbidExit(): () => void {
  const { exit } = process
  exited = undefined
  process.exit = (code) => {
    exited = new UserError({
      message: `${running === '' ? 'the stack' : displayPath(running)} calls process.exit(${code ?? ''})`,
      hint: 'Remove the call: the file only describes the stack.',
    })
    throw exited
  }
  return () => {
    process.exit = exit
  }
}

/**
 * Runs code of the stack, and waits a moment for its pending timers and reads.
 *
 * @throws UserError for what the code throws
 */
export async function guard<Result>(
  file: string,
  load: () => Result | Promise<Result>,
): Promise<Result> {
  running = file
  try {
    const result = await load()
    await settle()
    // Also when the file caught the error of `process.exit`.
    if (exited) throw exited
    return result
  } catch (error) {
    throw exited ?? explainStackError(file, error)
  }
}

// The resources that a late failure comes from: timers, files, names, connections.
const pending =
  /^(Timeout|Immediate|FSReq|FileHandle|GetAddrInfo|GetNameInfo|TCPConnect|PipeConnect)/
const timeout = 250

/**
 * Lets rejections, timers and reads that the stack did not await happen before anything is written:
 * newer versions of Node load a file without yielding to them.
 */
async function settle(): Promise<void> {
  const end = Date.now() + timeout
  await sleep(0)
  while (!exited && Date.now() < end && process.getActiveResourcesInfo().some(isPending)) {
    await sleep(5)
  }
}

const isPending = (resource: string) => pending.test(resource)
