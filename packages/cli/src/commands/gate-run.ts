import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inWords, UserError } from '@erlmcp/core'
import {
  annotations,
  evidenceFolder,
  type GatesRun,
  hasGates,
  htmlReport,
  jsonReport,
  junitXml,
  type ReportedRun,
  readPrivateKey,
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
import { wantsJson } from '../report/findings.ts'
import { progressOn } from '../report/live-lines.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp gate run [NAME…]`: runs gates on the engine, and says no unless all are green. */
export async function gateRun(given: Arguments, output: Output): Promise<number> {
  const project = await openProject({ ...given, ...stackOf(given) }, output, { has: hasGates })
  await refuseDrift(project)
  const started = Date.now()
  const progress = progressOn(process.stderr)
  const { signal, release } = stopOnSignals()
  let run: GatesRun
  try {
    run = await runGates(project.stack, {
      root: project.root,
      ...optionsOf(given),
      signal,
      on(event) {
        if (event.kind === 'building') progress.tell(`building ${event.images.join(', ')}`)
        else if (event.kind === 'started') progress.begin(event.gate.name)
        else if (event.kind === 'said') progress.say(event.gate.name, event.text)
        else {
          const { verdict, seconds, ending } = event.result
          const word = ending.kind === 'blocked' ? 'did not run' : verdict
          progress.end(event.gate.name, `${word}, ${seconds.toFixed(1)} s`)
        }
      },
    })
  } finally {
    progress.close()
    release()
  }
  const reported = reportOf(run, started)
  writeReports(project.root, reported)
  tellGitHub(reported, output)
  const { columns, isTTY } = process.stdout
  const color = isTTY === true && !process.env.NO_COLOR
  if (wantsJson(given)) output.out(jsonReport(reported))
  else output.out(terminalSummary(reported, { ...(columns && { columns }), color }))
  if (run.changed) {
    output.err('erlmcp: files of the project were changed while the gates ran: run them again\n')
  }
  if (signal.aborted) output.err('erlmcp: stopped; no container is left\n')
  return run.ok && !signal.aborted ? exit.ok : exit.no
}

function stackOf({ operands, options }: Arguments): { readonly stack?: string } {
  // Other commands take the file of the stack there.
  const file = operands.find((name) => /\.[cm]?[jt]s$/.test(name))
  if (file !== undefined) {
    throw new UserError({
      what: `${file} stands where names of gates do`,
      help: `Write erlmcp gate run --stack ${file}.`,
    })
  }
  return typeof options.stack === 'string' ? { stack: options.stack } : {}
}

function optionsOf({ operands, options }: Arguments) {
  const { parallel, base, cache, key } = options
  if (typeof parallel === 'string' && !/^[1-9]\d{0,2}$/.test(parallel)) {
    throw new UserError({
      what: `--parallel ${parallel} is no number of gates`,
      help: 'Say how many may run at once, such as --parallel 2.',
    })
  }
  return {
    ...(operands.length > 0 && { only: operands }),
    ...(typeof parallel === 'string' && { parallel: Number(parallel) }),
    ...(typeof base === 'string' && { base }),
    ...(typeof cache === 'string' && { cache }),
    ...(typeof key === 'string' && { key: readPrivateKey(key) }),
    reuse: options.reuse === true,
  }
}

/** Gates run what is on the disk: another stack's files would be judged in this one's name. */
async function refuseDrift(project: Project): Promise<void> {
  const { drift } = await driftOf(project)
  if (drift.length === 0) return
  throw new UserError({
    what: `${drift.map(({ path, message }) => `${path} ${message}`).join(', ')}`,
    help: 'Run `erlmcp synth` first: gates run the files, not the stack.',
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

function reportOf(run: GatesRun, started: number): ReportedRun {
  const [image] = run.images
  const { commit, dirty } = run.git
  return {
    project: run.project,
    ...(commit !== null && { revision: dirty ? `${commit} and changes` : commit }),
    ...(image && { image: `${image.reference}@${image.digest}` }),
    engine: run.engine,
    ...(run.otp !== null && { otp: run.otp }),
    started,
    seconds: (Date.now() - started) / 1000,
    gates: run.results,
  }
}

function writeReports(root: string, run: ReportedRun): void {
  const folder = join(root, evidenceFolder)
  inWords(evidenceFolder, () => mkdirSync(folder, { recursive: true }))
  const reports = {
    'report.html': htmlReport(run),
    'report.json': jsonReport(run),
    'report.sarif': `${JSON.stringify(sarif(run), null, 2)}\n`,
    'junit.xml': junitXml(run),
  }
  for (const [name, text] of Object.entries(reports)) {
    inWords(`${evidenceFolder}/${name}`, () => writeFileSync(join(folder, name), text))
  }
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
