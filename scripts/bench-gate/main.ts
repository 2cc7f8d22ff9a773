// `tsx scripts/bench-gate/main.ts [RUNS]`: the error rate of the bench gate. Measures identical code, and
// code that does 25 % more, RUNS times each (default 100) on the engine. Then simulates time on recorded
// samples.
import { cpSync, rmSync } from 'node:fs'
import {
  benchImage,
  benchProject,
  inContainer,
  judge,
  makeHeavier,
} from '../../packages/gates/fixtures/bench-project.ts'
import type { Report } from '../../packages/gates/src/evidence/report.ts'
import { ensureImages } from '../../packages/testkit/src/images.ts'
import { machines, recordedTimes, seeded, simulate } from './simulate.ts'

const runs = Number(process.argv[2] ?? 100)
const minute = 60_000

/** Measures a head against a base, each time in new VMs. */
async function measure(prepare: (head: string) => void): Promise<Report[]> {
  const head = benchProject()
  const base = `${head}-base`
  cpSync(head, base, { recursive: true })
  prepare(head)
  const program = 'escript docker/gates/erlmcp_bench.escript --sample-ms 1'
  const loop = `docker/gates/bench --pairs 1 && for run in $(seq ${runs}); do
    ${program} --base _build/bench/base/_build/default --out _build/bench/$run || exit
  done`
  try {
    const { code, stdout, stderr } = await inContainer(head, ['sh', '-c', loop], {
      base,
      timeout: 60 * minute,
    })
    if (code !== 0) throw new Error(stdout + stderr)
    const files = Array.from({ length: runs }, (_, index) => `_build/bench/${index + 1}`)
    return await Promise.all(files.map((file) => judge(head, file)({ base: true })))
  } finally {
    rmSync(head, { recursive: true, force: true })
    rmSync(base, { recursive: true, force: true })
  }
}

const hasFailed = ({ diagnostics }: Report) => diagnostics.length > 0
const reports = (text: string) => (report: Report) =>
  report.diagnostics.some(({ message }) => message.startsWith(text))

function verdicts(results: readonly Report[]): string {
  const rows = new Map<string, Map<string, number>>()
  for (const { metric, verdict } of results.flatMap(({ comparisons = [] }) => comparisons)) {
    const row = rows.get(metric) ?? new Map<string, number>()
    rows.set(metric, row.set(verdict, (row.get(verdict) ?? 0) + 1))
  }
  const print = ([metric, row]: [string, Map<string, number>]) =>
    `  ${metric}: ${[...row].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`
  return [...rows].map(print).join('\n')
}

await ensureImages([benchImage])
const started = Date.now()
const same = await measure(() => undefined)
const alarms = same.filter(hasFailed)
console.log(`identical code, ${runs} runs of 4 benchmarks: ${alarms.length} false alarms`)
console.log(verdicts(same))
for (const { diagnostics } of alarms) console.log(diagnostics)

const heavier = await measure(makeHeavier)
const found = heavier.filter(reports('count: reductions')).length
const words = heavier.filter(reports('list: gc words')).length
const others = heavier.filter((one) => reports('map:')(one) || reports('text:')(one)).length
console.log(`+25 % in reductions: found in ${found} of ${runs}; +25 % in words: ${words}`)
console.log(`  false alarms for the two unchanged benchmarks: ${others}`)
console.log(verdicts(heavier))
console.log(`${((Date.now() - started) / minute).toFixed(1)} min\n`)

for (const machine of machines) {
  const times = recordedTimes(machine)
  if (!times) {
    console.log(`simulation, ${machine}: skipped, no recorded times`)
    continue
  }
  for (const slowdown of [0, 0.25, 0.5]) {
    console.log(`simulation, ${machine} machine, +${slowdown * 100} %, 10000 runs`)
    for (const [message, rate] of Object.entries(simulate(times, slowdown, 10_000, seeded(1)))) {
      console.log(`  ${(rate * 100).toFixed(2).padStart(6)} %  ${message}`)
    }
  }
}

const hasErrors = alarms.length / runs > 0.01 || found < runs || words < runs
process.exitCode = hasErrors ? 1 : 0
