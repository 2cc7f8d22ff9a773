import { createWriteStream, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GateValue, secondsOf } from '../gate.ts'
import { folders, runMark, runVariable } from '../paths.ts'
import type { Ending } from '../verdict.ts'
import { docker, inTime, patience } from './docker.ts'
import { isFolder, removeTree } from './evidence-folder.ts'
import { outputUntil } from './output.ts'
import { openUp } from './tree.ts'

export interface Attempt {
  readonly gate: GateValue
  readonly root: string
  /** Words of `docker compose` that name the files and the project. */
  readonly compose: readonly string[]
  /** Names the run, in labels and evidence. */
  readonly run: string
  /** Empty folder that gets what the gate leaves behind: `output.log` and `evidence/`. */
  readonly folder: string
  readonly labels: Readonly<Record<string, string>>
  /** Variables beside those of the service. */
  readonly environment: Readonly<Record<string, string>>
  /** Kills the container. */
  readonly signal: AbortSignal | undefined
  on(text: string): void
}

/** How a container ended, and whether all that it printed has arrived. */
export interface Ended {
  readonly ending: Ending
  readonly whole: boolean
}

/** Runs the command of a gate in its service, takes the evidence out, removes the container. */
export async function runContainer(attempt: Attempt): Promise<Ended> {
  const name = containerName(attempt)
  try {
    const ended = await watch(attempt, name)
    const { ending } = ended
    if (ending !== silent && ending.kind !== 'refused') await takeEvidence(attempt, name)
    return ended
  } finally {
    await docker(['rm', '--force', '--volumes', name], attempt.root, inTime())
  }
}

const stopped: Ending = { kind: 'killed', why: 'the run was stopped' }
const silent: Ending = { kind: 'killed', why: `the engine did not answer for ${patience} s` }

export function containerName({ gate, run }: Pick<Attempt, 'gate' | 'run'>): string {
  return `erlmcp-gate-${run}-${gate.name}`
}

/** Attached, and not `docker logs`: a log file of the engine rotates, and loses what was in between. */
function runWords(attempt: Attempt, name: string): string[] {
  const { gate, compose, run, labels, environment } = attempt
  const pairs = (option: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([key, value]) => [option, `${key}=${value}`])
  return [
    ...compose,
    ...['run', '--no-TTY', '--interactive=false', '--no-deps', '--name', name],
    ...pairs('--env', { ...environment, [runVariable]: run }),
    ...pairs('--label', labels),
    ...[gate.spec.service, ...gate.spec.command],
  ]
}

// A disk holds more, but nobody reads more.
const mostOutput = 256 << 20

async function watch(attempt: Attempt, name: string): Promise<Ended> {
  const { gate, root, folder, signal, on } = attempt
  const log = createWriteStream(join(folder, 'output.log'))
  const lost = new AbortController()
  let late = false
  let gaveUp = false
  let last: NodeJS.Timeout | undefined
  const kill = () => {
    if (last !== undefined) return
    last = setTimeout(() => {
      gaveUp = true
      lost.abort()
    }, patience * 1000)
    // One that does not run yet is not made either.
    void docker(['kill', name], root, lost.signal).then(({ code }) => code !== 0 && lost.abort())
  }
  const output = outputUntil(endMark(attempt.run), (chunk) => {
    const was = output.bytes - chunk.length
    if (output.bytes <= mostOutput) log.write(chunk)
    else if (was <= mostOutput) kill()
    on(chunk.toString('utf8'))
  })
  const timer = setTimeout(() => {
    late = true
    kill()
  }, secondsOf(gate.spec.timeout) * 1000)
  if (signal?.aborted) kill()
  else signal?.addEventListener('abort', kill)
  const { stderr } = await docker(runWords(attempt, name), root, lost.signal, output.add)
  clearTimeout(timer)
  signal?.removeEventListener('abort', kill)
  clearTimeout(last)
  output.close()
  await new Promise((done) => log.end(done))
  const ended = (ending: Ending) => ({ ending, whole: output.whole })
  if (gaveUp) return ended(silent)
  if (signal?.aborted) return ended(stopped)
  if (output.bytes > mostOutput) {
    return ended({ kind: 'killed', why: `it printed more than ${mostOutput >> 20} MiB` })
  }
  if (late) return ended({ kind: 'timeout' })
  return ended(await endingOf(name, root, output.bytes > 0, stderr))
}

/** What the script prints last, to whom the run is known: then nothing of the output is missing. */
function endMark(run: string): string {
  return `\x1e${run}\n`
}

async function endingOf(
  name: string,
  root: string,
  printed: boolean,
  said: string,
): Promise<Ending> {
  const format = '{{.State.ExitCode}} {{.State.OOMKilled}} {{.State.Status}}'
  const state = await docker(['inspect', '--format', format, name], root, inTime())
  const [code, outOfMemory, status] = state.stdout.trim().split(' ')
  const made = state.code === 0 && status !== 'created'
  if (!made && !printed) return { kind: 'refused', why: said.trim() }
  if (!made) return { kind: 'killed', why: 'its container was removed while it ran' }
  if (status === 'running') return { kind: 'killed', why: 'the connection to the engine broke off' }
  if (outOfMemory === 'true') return { kind: 'killed', why: 'it used more memory than its limit' }
  if (code === '137') return { kind: 'killed', why: 'it got SIGKILL' }
  return { kind: 'exit', code: Number(code) }
}

/** Nothing is left in the folder when the container has left nothing in this very run. */
async function takeEvidence({ gate, root, folder, run }: Attempt, name: string): Promise<void> {
  const to = join(folder, 'evidence')
  const { code } = await docker(['cp', `${name}:${folders.evidence}/${gate.name}`, to], root)
  // What a container has made may be a link, which leads anywhere here.
  if (code !== 0 || !isFolder(to) || markIn(to) !== run) removeTree(to)
  else openUp(to)
}

function markIn(folder: string): string | undefined {
  const file = join(folder, runMark)
  try {
    return lstatSync(file).isFile() ? readFileSync(file, 'utf8').trim() : undefined
  } catch {
    return undefined
  }
}
