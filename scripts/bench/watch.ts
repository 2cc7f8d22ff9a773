// `erlmcp synth --watch` of the example: the CPU seconds of one more run, after a change of the stack.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from './median.ts'

/**
 * Median CPU seconds of a run after a change, all threads of the process.
 *
 * @param project folder of the example, which is changed
 * @param command file of `erlmcp`
 */
export async function measureWatch(
  project: string,
  command: string,
  rounds: number,
): Promise<number> {
  const stack = join(project, 'stack.ts')
  const text = readFileSync(stack, 'utf8')
  const child = spawn(process.execPath, [command, 'synth', '--watch'], { cwd: project })
  try {
    await nextSummary(child)
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const before = cpuSeconds(child)
      await change(round)
      times.push(cpuSeconds(child) - before)
    }
    return median(times)
  } finally {
    child.kill('SIGINT')
    await once(child, 'exit')
  }

  async function change(round: number): Promise<void> {
    const summary = nextSummary(child)
    writeFileSync(stack, text.replace("maxMemory: '256M'", `maxMemory: '${round + 257}M'`))
    await summary
    // Until the threads that collect garbage and compile are done.
    await sleep(100)
  }
}

async function nextSummary({ stdout }: ChildProcess): Promise<void> {
  let printed = ''
  for await (const data of stdout!.iterator({ destroyOnReturn: false })) {
    printed += data
    if (/^erlmcp: \d+ files/m.test(printed)) return
  }
  throw new Error(`erlmcp synth --watch ended: ${printed}`)
}

/** What the process took so far, in the ticks of Linux: hundredths of a second. */
function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return (Number(fields[11]) + Number(fields[12])) / ticks
}
