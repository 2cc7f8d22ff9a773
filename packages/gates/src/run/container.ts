import { createWriteStream, lstatSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type GateValue, secondsOf } from '../gate.ts'
import { folders, runMark, runVariable } from '../paths.ts'
import type { Ending } from '../verdict.ts'
import { docker, follow, inTime, patience } from './docker.ts'
import { isFolder } from './evidence-folder.ts'

export interface Attempt {
  readonly gate: GateValue
  readonly root: string
  /** Compose file, relative to the root. */
  readonly file: string
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

/** Runs the command of a gate in its service, takes the evidence out, removes the container. */
export async function runContainer(attempt: Attempt): Promise<Ending> {
  const { gate, root } = attempt
  const name = containerName(attempt)
  try {
    const limit = secondsOf(gate.spec.timeout)
    const late = AbortSignal.timeout(limit * 1000)
    const either = AbortSignal.any([late, ...(attempt.signal ? [attempt.signal] : [])])
    const started = await docker(runWords(attempt, name), root, either)
    if (attempt.signal?.aborted) return stopped
    if (late.aborted) return { kind: 'timeout' }
    if (started.code !== 0) return { kind: 'refused', why: started.stderr.trim() }
    const ending = await watch(attempt, name, limit)
    if (ending !== silent) await takeEvidence(attempt, name)
    return ending
  } finally {
    await docker(['rm', '--force', '--volumes', name], root, inTime())
  }
}

const stopped: Ending = { kind: 'killed', why: 'the run was stopped' }
const silent: Ending = { kind: 'killed', why: `the engine did not answer for ${patience} s` }

export function containerName({ gate, run }: Pick<Attempt, 'gate' | 'run'>): string {
  return `erlmcp-gate-${run}-${gate.name}`
}

function runWords(attempt: Attempt, name: string): string[] {
  const { gate, file, run, labels, environment } = attempt
  const pairs = (option: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([key, value]) => [option, `${key}=${value}`])
  return [
    ...['compose', '--file', file, '--profile', 'gates'],
    ...['run', '--detach', '--no-deps', '--name', name],
    ...pairs('--env', { ...environment, [runVariable]: run }),
    ...pairs('--label', labels),
    ...[gate.spec.service, ...gate.spec.command],
  ]
}

// A disk holds more, but nobody reads more.
const mostOutput = 256 << 20

async function watch(attempt: Attempt, name: string, limit: number): Promise<Ending> {
  const { root, folder, signal, on } = attempt
  const log = createWriteStream(join(folder, 'output.log'))
  const lost = new AbortController()
  let last: NodeJS.Timeout | undefined
  const hurry = () => {
    clearTimeout(last)
    last = setTimeout(() => lost.abort(), patience * 1000)
  }
  const kill = () => {
    void docker(['kill', name], root, lost.signal)
    if (last === undefined) hurry()
  }
  let printed = 0
  let over = false
  const add = (chunk: Buffer) => {
    if (over) hurry()
    const was = printed
    printed += chunk.length
    if (printed <= mostOutput) log.write(chunk)
    else if (was <= mostOutput) kill()
    on(chunk.toString('utf8'))
  }
  const followed = follow(name, root, add, lost.signal)
  let late = false
  const timer = setTimeout(() => {
    late = true
    kill()
  }, limit * 1000)
  // It may have come while the container was being made.
  if (signal?.aborted) kill()
  else signal?.addEventListener('abort', kill)
  const waited = await docker(['wait', name], root, lost.signal)
  clearTimeout(timer)
  signal?.removeEventListener('abort', kill)
  // What it has said is there when it has ended, and comes without a pause.
  over = true
  hurry()
  await followed
  clearTimeout(last)
  await new Promise((done) => log.end(done))
  if (lost.signal.aborted) return silent
  if (signal?.aborted) return stopped
  if (printed > mostOutput)
    return { kind: 'killed', why: `it printed more than ${mostOutput >> 20} MiB` }
  if (late) return { kind: 'timeout' }
  const format = '{{.State.ExitCode}} {{.State.OOMKilled}}'
  const state = await docker(['inspect', '--format', format, name], root, inTime())
  if (waited.code !== 0 || state.code !== 0) {
    return { kind: 'killed', why: 'its container was removed while it ran' }
  }
  const [code, outOfMemory] = state.stdout.trim().split(' ')
  if (outOfMemory === 'true') return { kind: 'killed', why: 'it used more memory than its limit' }
  if (code === '137') return { kind: 'killed', why: 'it got SIGKILL' }
  return { kind: 'exit', code: Number(code) }
}

/** Nothing is left in the folder when the container has left nothing in this very run. */
async function takeEvidence({ gate, root, folder, run }: Attempt, name: string): Promise<void> {
  const to = join(folder, 'evidence')
  await docker(['cp', `${name}:${folders.evidence}/${gate.name}`, to], root)
  // What a container has made may be a link, which leads anywhere here.
  if (!isFolder(to) || markIn(to) !== run) rmSync(to, { recursive: true, force: true })
}

function markIn(folder: string): string | undefined {
  const file = join(folder, runMark)
  try {
    return lstatSync(file).isFile() ? readFileSync(file, 'utf8').trim() : undefined
  } catch {
    return undefined
  }
}
