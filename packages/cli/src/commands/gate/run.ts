import { appendFileSync } from 'node:fs'
import { findSuggestion, printable, replaceFile, type Stack, UserError } from '@erlmcp/core'
import { readPrivateKey } from '@erlmcp/gates/receipt'
import {
  annotations,
  evidenceFolder,
  evidenceFolderOf,
  findGates,
  findSets,
  type GateProgress,
  type GatesRun,
  hasGates,
  htmlReport,
  jsonReport,
  junitXml,
  type ReportedRun,
  type RunGatesOptions,
  runGates,
  sarif,
  stepSummary,
  terminalSummary,
} from '@erlmcp/gates/run'
import { type Arguments, command } from '../../command-line/command.ts'
import { count, defined, flag, format, out, stack, text } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import type { Output } from '../../output.ts'
import { liveLines } from '../../report/live-lines.ts'
import { findDrift } from '../../stack/drift.ts'
import { openProject, type Project } from '../../stack/project.ts'

const options = {
  stack,
  out,
  base: text('REVISION', 'revision that benchmarks are compared with'),
  parallel: count('N', 'how many gates run at once. Default: the CPUs of the engine'),
  reuse: flag('reuse passed reports of the same sources'),
  key: text('FILE', 'private key (Ed25519, PEM) that signs the receipts'),
  set: text('SET', 'one set of gates, such as otp27. Default: all of them'),
  'no-build': flag('use the existing image, such as a loaded one'),
  cache: text('DIR', 'folder that PLTs and packages are restored from and saved to'),
  format,
}
type GateArguments = Arguments<typeof options>

/** Runs gates on the engine, and fails unless all passed. */
export default command({
  operands: { label: '[NAME…]' },
  options,
  async run(args, output) {
    validateNames(args)
    const project = await openProject(args, output, { has: hasGates })
    await validateNoDrift(project)
    const selected = selectGates(project.stack, args)
    const names = [...selected.keys()]
    const runOptions = runOptionsOf(args)
    const started = Date.now()
    const { signal, release } = stopOnSignals()
    const runs: (GatesRun & { readonly set: string })[] = []
    try {
      for (const [set, only] of selected) {
        const prefix = names.length > 1 ? `${set}/` : ''
        const which = { set, ...(only.length > 0 && { only }) }
        const run = await runSet(project, { ...runOptions, ...which, signal }, prefix)
        runs.push({ ...run, set })
        if (signal.aborted) break
      }
    } finally {
      release()
    }
    const reported = reportOf(runs, started)
    const folder = names.length > 1 ? evidenceFolder : evidenceFolderOf(names[0]!)
    writeReports(project.root, folder, reported)
    writeAnnotations(reported, output)
    const { columns, isTTY } = process.stdout
    const color = isTTY === true && !process.env.NO_COLOR
    if (args.options.format === 'json') output.out(jsonReport(reported))
    else {
      output.out(terminalSummary(reported, { ...defined({ columns }), color }))
      output.out(`The report: ${folder}/report.html\n`)
    }
    printChanges(new Set(runs.flatMap(({ changes }) => changes)), output)
    if (signal.aborted) output.err('erlmcp: stopped; every container was removed\n')
    return runs.every(({ ok }) => ok) && !signal.aborted ? exit.ok : exit.failed
  },
})

/** The named gates by set; an empty list selects all gates of a set. */
function selectGates(
  stack: Stack,
  { operands, options: { set } }: GateArguments,
): Map<string, readonly string[]> {
  const sets = set === undefined ? findSets(stack) : [findGates(stack, set)]
  const all = new Map(sets.map(({ gates }) => [gates.name, gates.gates.map(({ name }) => name)]))
  if (sets.length === 1) return new Map([[sets[0]!.gates.name, operands]])
  if (operands.length === 0) return new Map([...all].map(([name]) => [name, []]))
  const selected = new Map<string, string[]>()
  for (const operand of operands) {
    const [set, name] = operand.includes('/') ? operand.split('/', 2) : [undefined, operand]
    const matching = [...all].filter(
      ([key, names]) => (set ?? key) === key && names.includes(name!),
    )
    for (const [key] of matching) selected.set(key, [...(selected.get(key) ?? []), name!])
    if (matching.length > 0) continue
    const known = [...all].flatMap(([key, names]) => names.map((one) => `${key}/${one}`))
    const near = findSuggestion(operand, known) ?? findSuggestion(operand, [...all.values()].flat())
    throw new UserError({
      message: `unknown gate ${JSON.stringify(operand)}${near ? `; did you mean ${near}?` : ''}`,
      hint: `Use one of: ${known.join(', ')}.`,
    })
  }
  return selected
}

async function runSet(
  { stack, root }: Project,
  options: Omit<RunGatesOptions, 'root'>,
  prefix: string,
): Promise<GatesRun> {
  const progress = liveLines(process.stderr)
  const on = (event: GateProgress) => {
    if (event.kind === 'building') progress.print(`building ${event.images.join(', ')}`)
    else if (event.kind === 'waiting')
      progress.print(`waiting: ${event.holder} is running gates here`)
    else if (event.kind === 'preparing') progress.print(`starting ${event.services.join(', ')}`)
    else if (event.kind === 'started') progress.begin(prefix + event.gate.name)
    else if (event.kind === 'output') progress.update(prefix + event.gate.name, event.text)
    else {
      const { verdict, seconds } = event.result
      progress.end(prefix + event.gate.name, `${verdict}, ${seconds.toFixed(1)} s`)
    }
  }
  try {
    return await runGates(stack, { root, ...options, on })
  } finally {
    progress.close()
  }
}

const mostNamed = 10

/** The names tell an editor from a test that writes. */
function printChanges(changes: ReadonlySet<string>, output: Output): void {
  if (changes.size === 0) return
  const names = [...changes].map((path) => (path === 'HEAD' ? 'the commit (HEAD)' : path))
  const more = names.length - mostNamed
  const lines = [...names.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])]
  output.err(
    printable(
      `erlmcp: files of the project changed while the gates ran:\n${lines.map((line) => `  ${line}\n`).join('')}  Run the gates again.\n`,
    ),
  )
}

/** Other commands take the file of the stack as operand. */
function validateNames({ operands }: GateArguments): void {
  const file = operands.find((name) => /\.[cm]?[jt]s$/.test(name))
  if (file === undefined) return
  throw new UserError({
    message: `gate run: expected names of gates, got ${file}`,
    hint: `Write erlmcp gate run --stack ${file}.`,
  })
}

function runOptionsOf({ options: { parallel, base, cache, key, reuse, ...rest } }: GateArguments) {
  return {
    ...defined({ parallel, base, cache }),
    ...(key !== undefined && { key: readPrivateKey(key) }),
    reuse,
    build: !rest['no-build'],
  }
}

/** Gates run the files, not the stack. */
async function validateNoDrift(project: Project): Promise<void> {
  const { drift } = await findDrift(project)
  if (drift.length === 0) return
  throw new UserError({
    message: `${drift.map(({ path, message }) => `${path} ${message}`).join(', ')}`,
    hint: 'Run `erlmcp synth` first: gates run the files, not the stack.',
  })
}

/** The first Ctrl-C stops the containers; a second one ends the program at once. */
function stopOnSignals(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const stop = () => controller.abort()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, stop)
  return {
    signal: controller.signal,
    release() {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, stop)
    },
  }
}

/** One report of all sets; with several sets a gate is named `otp27/compile`. */
function reportOf(
  runs: readonly (GatesRun & { readonly set: string })[],
  started: number,
): ReportedRun {
  const { project, engine, git } = runs[0]!
  const { commit, dirty } = git
  const images = runs.flatMap((run) => run.images.slice(0, 1))
  const otp = [...new Set(runs.flatMap((run) => run.otp ?? []))].join(', ')
  return {
    project,
    ...(commit !== null && { revision: dirty ? `${commit} and changes` : commit }),
    ...(images.length > 0 && {
      image: images.map(({ reference, digest }) => `${reference}@${digest}`).join(', '),
    }),
    engine,
    ...(otp !== '' && { otp }),
    started,
    seconds: (Date.now() - started) / 1000,
    gates: runs.flatMap(({ set, results }) =>
      runs.length === 1 ? results : results.map((one) => ({ ...one, name: `${set}/${one.name}` })),
    ),
  }
}

function writeReports(root: string, folder: string, run: ReportedRun): void {
  const reports = {
    'report.html': htmlReport(run),
    'report.json': jsonReport(run),
    'report.sarif': `${JSON.stringify(sarif(run), null, 2)}\n`,
    'junit.xml': junitXml(run),
  }
  for (const [name, text] of Object.entries(reports)) replaceFile(root, `${folder}/${name}`, text)
}

/** Annotations and the job summary of a GitHub workflow. */
function writeAnnotations(run: ReportedRun, output: Output): void {
  const { GITHUB_ACTIONS: inside, GITHUB_STEP_SUMMARY: summary } = process.env
  if (inside === 'true')
    output.err(
      annotations(run)
        .map((line) => `${line}\n`)
        .join(''),
    )
  if (!summary) return
  try {
    appendFileSync(summary, stepSummary(run))
  } catch (error) {
    // The verdict matters more than the summary.
    output.err(
      printable(`erlmcp: the job summary cannot be written: ${(error as Error).message}\n`),
    )
  }
}
