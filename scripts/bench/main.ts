// `pnpm bench`: N services built, checked and printed, against peers on the same content in the
// same run. Ratios are what counts; the times belong to this machine and this hour.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { contestants } from './contestants.ts'

interface Measured {
  readonly cpu: number
  readonly memory: number
  readonly services: number
}

const sizes = [10, 100, 1000, 5000]
const rounds = Number(process.argv[2] ?? 5)
const runner = fileURLToPath(new URL('run-one.ts', import.meta.url))

function runOne(name: string, count: number): Measured {
  const output = execFileSync(process.execPath, ['--import', 'tsx', runner, name, String(count)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PROJEN_DISABLE_POST: '1' },
  })
  const measured: Measured = JSON.parse(output.trim().split('\n').at(-1)!)
  if (measured.services < count)
    throw new Error(`${name} said ${measured.services} of ${count} services`)
  return measured
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** In turn, so that a slow minute of the machine is everybody's. */
function compare(count: number): Map<string, Measured> {
  const all = new Map<string, Measured[]>()
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(contestants)) {
      all.set(name, [...(all.get(name) ?? []), runOne(name, count)])
    }
  }
  return new Map(
    [...all].map(([name, runs]) => [
      name,
      {
        cpu: median(runs.map(({ cpu }) => cpu)),
        memory: median(runs.map(({ memory }) => memory)),
        services: count,
      },
    ]),
  )
}

const checked = 'erlmcp, checked and printed'
const printed = 'erlmcp, printed'

console.log(`median of ${rounds} runs, each in its own process; Node ${process.version}`)
for (const count of sizes) {
  const table = compare(count)
  const ours = table.get(checked)!.cpu
  console.log(`\n${count} services                  CPU ms   memory MiB   times of erlmcp checked`)
  for (const [name, { cpu, memory }] of table) {
    const row = [cpu.toFixed(1), memory.toFixed(1), (cpu / ours).toFixed(2)]
    console.log(`  ${name.padEnd(28)}${row.map((text) => text.padStart(11)).join('')}`)
  }
  const floor = table.get(printed)!.cpu / table.get('JSON.stringify')!.cpu
  console.log(
    `  printed without checking: ${floor.toFixed(2)} times of JSON.stringify (goal: up to 4)`,
  )
}
