import { appendFileSync } from 'node:fs'
import { findSuggestion, replaceFile, type Stack, UserError } from '@erlmcp/core'
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
import type { Arguments } from '../command.ts'
import { driftOf } from '../drift.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { openProject, type Project } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { progressOn } from '../report/live-lines.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp gate run [NAME…]`: runs gates on the engine, and fails unless all are green. */
export async function gateRun(given: Arguments, output: Output): Promise<number> {
  const project = await openProject({ ...given, ...stackOf(given) }, output, { has: hasGates })
  await refuseDrift(project)
  const chosen = chosenOf(project.stack, given)
  const names = [...chosen.keys()]
  const options = optionsOf(given)
  const started = Date.now()
  const { signal, release } = stopOnSignals()
  const runs: (GatesRun & { readonly set: string })[] = []
  try {
    for (const [set, only] of chosen) {
      const prefix = names.length > 1 ? `${set}/` : ''
      const which = { set, ...(only.length > 0 && { only }) }
      const run = await runSet(project, { ...options, ...which, signal }, prefix)
      runs.push({ ...run, set })
      if (signal.aborted) break
    }
  } finally {
    release()
  }
  const reported = reportOf(runs, started)
  const folder = names.length > 1 ? evidenceFolder : evidenceFolderOf(names[0]!)
  writeReports(project.root, folder, reported)
  tellGitHub(reported, output)
  const { columns, isTTY } = process.stdout
  const color = isTTY === true && !process.env.NO_COLOR
  if (wantsJson(given)) output.out(jsonReport(reported))
  else {
    output.out(terminalSummary(reported, { ...(columns && { columns }), color }))
    output.out(`The report: ${folder}/report.html\n`)
  }
  tellChanges(new Set(runs.flatMap(({ changes }) => changes)), output)
  if (signal.aborted) output.err('erlmcp: stopped; no container is left\n')
  return runs.every(({ ok }) => ok) && !signal.aborted ? exit.ok : exit.no
}

/** Which gates of which sets were named; none stands for all of a set. */
function chosenOf(stack: Stack, { operands, options }: Arguments): Map<string, readonly string[]> {
  const { set } = options
  const sets = typeof set === 'string' ? [findGates(stack, set)] : findSets(stack)
  const all = new Map(sets.map(({ gates }) => [gates.name, gates.gates.map(({ name }) => name)]))
  if (sets.length === 1) return new Map([[sets[0]!.gates.name, operands]])
  if (operands.length === 0) return new Map([...all].map(([name]) => [name, []]))
  const chosen = new Map<string, string[]>()
  const choose = (of: string, name: string) => chosen.set(of, [...(chosen.get(of) ?? []), name])
  for (const operand of operands) {
    const [of, name] = operand.includes('/') ? operand.split('/', 2) : [undefined, operand]
    const having = [...all].filter(([key, names]) => (of ?? key) === key && names.includes(name!))
    for (const [key] of having) choose(key, name!)
    if (having.length > 0) continue
    const known = [...all].flatMap(([key, names]) => names.map((one) => `${key}/${one}`))
    const meant =
      findSuggestion(operand, known) ?? findSuggestion(operand, [...all.values()].flat())
    throw new UserError({
      message: `there is no gate ${JSON.stringify(operand)}`,
      hint: `${meant ? `Did you mean ${meant}? ` : ''}There are ${known.join(', ')}.`,
    })
  }
  return chosen
}

async function runSet(
  { stack, root }: Project,
  options: Omit<RunGatesOptions, 'root'>,
  prefix: string,
): Promise<GatesRun> {
  const progress = progressOn(process.stderr)
  const on = (event: GateProgress) => {
    if (event.kind === 'building') progress.tell(`building ${event.images.join(', ')}`)
    else if (event.kind === 'waiting')
      progress.tell(`waiting: ${event.holder} is running gates here`)
    else if (event.kind === 'preparing') progress.tell(`starting ${event.services.join(', ')}`)
    else if (event.kind === 'started') progress.begin(prefix + event.gate.name)
    else if (event.kind === 'said') progress.say(prefix + event.gate.name, event.text)
    else {
      const { verdict, seconds, ending } = event.result
      const word = ending.kind === 'blocked' ? 'did not run' : verdict
      progress.end(prefix + event.gate.name, `${word}, ${seconds.toFixed(1)} s`)
    }
  }
  try {
    return await runGates(stack, { root, ...options, on })
  } finally {
    progress.close()
  }
}

const mostNamed = 10

/** Which files were changed meanwhile: who reads it can tell an editor from a test that writes. */
function tellChanges(changes: ReadonlySet<string>, output: Output): void {
  if (changes.size === 0) return
  const names = [...changes].map((path) => (path === 'HEAD' ? 'the commit (HEAD)' : path))
  const more = names.length - mostNamed
  const lines = [...names.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])]
  output.err(
    printable(
      `erlmcp: files of the project were changed while the gates ran:\n${lines.map((line) => `  ${line}\n`).join('')}  Run the gates again.\n`,
    ),
  )
}

function stackOf({ operands, options }: Arguments): { readonly stack?: string } {
  // Other commands take the file of the stack there.
  const file = operands.find((name) => /\.[cm]?[jt]s$/.test(name))
  if (file !== undefined) {
    throw new UserError({
      message: `${file} stands where names of gates do`,
      hint: `Write erlmcp gate run --stack ${file}.`,
    })
  }
  return typeof options.stack === 'string' ? { stack: options.stack } : {}
}

function optionsOf({ options }: Arguments) {
  const { parallel, base, cache, key } = options
  if (typeof parallel === 'string' && !/^[1-9]\d{0,2}$/.test(parallel)) {
    throw new UserError({
      message: `--parallel ${parallel} is no number of gates`,
      hint: 'Say how many may run at once, such as --parallel 2.',
    })
  }
  return {
    ...(typeof parallel === 'string' && { parallel: Number(parallel) }),
    ...(typeof base === 'string' && { base }),
    ...(typeof cache === 'string' && { cache }),
    ...(typeof key === 'string' && { key: readPrivateKey(key) }),
    reuse: options.reuse === true,
    build: options['no-build'] !== true,
  }
}

/** Gates run what is on the disk: another stack's files would be judged in this one's name. */
async function refuseDrift(project: Project): Promise<void> {
  const { drift } = await driftOf(project)
  if (drift.length === 0) return
  throw new UserError({
    message: `${drift.map(({ path, message }) => `${path} ${message}`).join(', ')}`,
    hint: 'Run `erlmcp synth` first: gates run the files, not the stack.',
  })
}

/** The first Ctrl-C ends the containers; a second one ends the program at once. */
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

/** One report of all sets; with several a gate is `otp27/compile`. */
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

/** Annotations and the page of the job, where a workflow runs this. */
function tellGitHub(run: ReportedRun, output: Output): void {
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
    // The verdict is known, and is not lost with the page.
    output.err(printable(`erlmcp: no page of the job: ${(error as Error).message}\n`))
  }
}
