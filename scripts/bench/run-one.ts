// One contestant in a process of its own, so that memory and warmth are its own: once as in a
// synth, with nothing warm, and with `warm` again and again, as in a program that keeps running.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Variant } from './content.ts'
import { contestants } from './contestants.ts'
import { median } from './median.ts'

/** CPU of all threads of the process, in milliseconds; peaks in MiB. */
export interface Measured {
  readonly cpu: number
  /** Of `cpu`, by stage; what comes after the last lap is `print`. */
  readonly stages: Readonly<Record<string, number>>
  /** How much higher the process's peak of resident memory got. */
  readonly growth: number
  /** That peak, Node and libraries with it. */
  readonly peak: number
  readonly services: number
  /** Median CPU of the later half of the repetitions, where they were asked for. */
  readonly warm?: number
}

const [name, count, variant, warm] = process.argv.slice(2)
const scratch = mkdtempSync(join(tmpdir(), 'erlmcp-bench-'))

function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1024
}

async function measure(): Promise<Measured> {
  const make = await contestants[name!]!(scratch)
  const peakBefore = peakMemory()
  const stages: Record<string, number> = {}
  const before = cpuTime()
  let last = before
  const lap = (stage: string) => {
    const now = cpuTime()
    stages[stage] = now - last
    last = now
  }
  const text = make(Number(count), variant as Variant, lap)
  lap('print')
  const cpu = last - before
  const peak = peakMemory()
  return {
    cpu,
    stages,
    growth: peak - peakBefore,
    peak,
    services: text.match(/^\s+"?service-\d+"?:/gm)?.length ?? 0,
    ...(warm && { warm: repeat(() => make(Number(count), variant as Variant, () => {})) }),
  }
}

const repetitions = 12
const enoughTime = 4000

function repeat(make: () => string): number {
  const times: number[] = []
  const start = cpuTime()
  while (times.length < repetitions && cpuTime() - start < enoughTime) {
    const before = cpuTime()
    make()
    times.push(cpuTime() - before)
  }
  return median(times.slice(Math.floor(times.length / 2)))
}

measure()
  .then((result) => console.log(JSON.stringify(result)))
  .finally(() => rmSync(scratch, { recursive: true, force: true }))
