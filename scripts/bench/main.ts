// `pnpm bench`: N services built, checked and printed, against peers on the same content in the
// same run. Ratios are what counts; the times belong to this machine and this hour.
//
//   pnpm bench [ROUNDS] [--command]
//
// With --command only the time of `erlmcp synth`.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { measureCommand } from './command.ts'
import type { Variant } from './content.ts'
import { checked, contestants, json, jsYaml, printed } from './contestants.ts'
import { median } from './median.ts'
import type { Measured } from './run-one.ts'

const args = process.argv.slice(2)
const sizes = args.includes('--command') ? [] : [10, 100, 1000, 5000]
const rounds = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 5)
const runner = fileURLToPath(new URL('run-one.ts', import.meta.url))
// Without the paths of the root's tsconfig, tsx takes the built packages, as in a project of a user.
const tsconfig = fileURLToPath(new URL('tsconfig.json', import.meta.url))

function runOne(name: string, count: number, variant: Variant, warm: boolean): Measured {
  const args = ['--import', 'tsx', runner, name, String(count), variant, ...(warm ? ['warm'] : [])]
  const output = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PROJEN_DISABLE_POST: '1', TSX_TSCONFIG_PATH: tsconfig },
  })
  const measured: Measured = JSON.parse(output.trim().split('\n').at(-1)!)
  if (measured.services !== count)
    throw new Error(`${name} said ${measured.services} of ${count} services`)
  return measured
}

type Table = ReadonlyMap<string, Measured>

/** In turn, so that a slow minute of the machine is everybody's. */
function compare(names: readonly string[], count: number, variant: Variant): Table {
  const runs = new Map<string, Measured[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, all] of runs) all.push(runOne(name, count, variant, round === 0))
  }
  return new Map([...runs].map(([name, all]) => [name, middle(all)]))
}

function middle(runs: readonly Measured[]): Measured {
  const of = (key: 'cpu' | 'growth' | 'peak') => median(runs.map((run) => run[key]))
  const stages = Object.keys(runs[0]!.stages).map((stage) => [
    stage,
    median(runs.map((run) => run.stages[stage]!)),
  ])
  return {
    ...runs[0]!,
    cpu: of('cpu'),
    growth: of('growth'),
    peak: of('peak'),
    stages: Object.fromEntries(stages),
  }
}

function printTable(table: Table, title: string): void {
  const ours = table.get(checked)!
  const head = ['cold', 'of ours', 'warm', 'of ours', 'growth', 'peak']
  console.log(`\n${title.padEnd(30)}${row(head)}`)
  for (const [name, { cpu, warm, growth, peak }] of table) {
    const cells = [cpu.toFixed(1), (cpu / ours.cpu).toFixed(2), warm!.toFixed(1)]
    cells.push((warm! / ours.warm!).toFixed(2), growth.toFixed(0), peak.toFixed(0))
    console.log(`  ${name.padEnd(28)}${row(cells)}`)
  }
}

function row(cells: readonly string[]): string {
  return cells.map((text) => text.padStart(9)).join('')
}

function printStages(table: Table): void {
  for (const name of [json, printed, checked]) {
    const { stages } = table.get(name)!
    // The last stage of a whole synth is all that comes after the values.
    const parts = Object.entries(stages).map(([stage, cpu]) => {
      const printed = name === checked && stage === 'print' ? 'document, check, print, hash' : stage
      return `${printed} ${cpu.toFixed(1)}`
    })
    console.log(`  ${name}: ${parts.join(' · ')}`)
  }
}

const missed: string[] = []

/** One goal and what became of it. */
function judge(goal: string, value: number, limit: number): void {
  const met = value <= limit
  if (!met) missed.push(goal)
  console.log(`  ${met ? 'met   ' : 'MISSED'} ${goal}: ${value.toFixed(2)} (at most ${limit})`)
}

function judgeTable(table: Table, count: number): void {
  const at = (name: string) => table.get(name)!
  const ours = at(checked)
  const rivals = Object.keys(contestants).filter((name) => ![json, printed, checked].includes(name))
  for (const name of rivals)
    judge(`${count}: checked, times of ${name}`, ours.cpu / at(name).cpu, 1)
  judge(`${count}: printed, times of JSON.stringify`, at(printed).cpu / at(json).cpu, 4)
  judge(`${count}: printed warm, times of JSON.stringify`, at(printed).warm! / at(json).warm!, 4)
  judge(`${count}: memory growth, MiB above js-yaml's`, ours.growth - at(jsYaml).growth, 0)
  judge(`${count}: peak memory with libraries, times of js-yaml`, ours.peak / at(jsYaml).peak, 1)
}

console.log(`Node ${process.version}; median of ${rounds} processes each, in turn`)
if (sizes.length > 0) {
  console.log(
    'cold: CPU ms of the first time in a process, libraries loaded; warm: of a later time',
  )
  console.log('growth and peak: MiB of resident memory, what the first time added, and in all')
}
for (const count of sizes) {
  const table = compare(Object.keys(contestants), count, 'clean')
  printTable(table, `${count} services`)
  printStages(table)
  judgeTable(table, count)
}
for (const count of sizes) {
  const names = [jsYaml, checked]
  printTable(compare(names, count, 'diagnostics'), `${count} services, a diagnostic each`)
}

const { hello, synth, watch } = await measureCommand(rounds)
const seconds = (value: number) => `${value.toFixed(3)} s`
console.log(
  `\ntsx hello.ts ${seconds(hello)} · erlmcp synth of the example ${seconds(synth)}` +
    ` · again in --watch ${seconds(watch)}`,
)
// Undeclared before Node 22.
const { typescript } = process.features as { readonly typescript?: string | false }
judge('erlmcp synth, times of tsx hello.ts', synth / hello, typescript ? 0.6 : 1.3)
judge('erlmcp synth --watch after a change, times of tsx hello.ts', watch / hello, 0.15)

console.log(missed.length === 0 ? '\nEvery goal is met.' : `\n${missed.length} goals are missed:`)
for (const goal of missed) console.log(`  ${goal}`)
