import { createWriteStream, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GateValue, secondsOf } from '../gate.ts'
import { folders, gateVariable, runMark, runVariable } from '../paths.ts'
import type { Ending } from '../verdict.ts'
import { engineTimeout, shortTimeout, tryDocker } from './engine.ts'
import { isFolder, removeTree } from './evidence-folder.ts'
import { outputUntil } from './output.ts'
import { makeAccessible } from './tree.ts'

export interface Attempt {
  readonly gate: GateValue
  readonly root: string
  /** Arguments of `docker compose` that name the files and the project. */
  readonly compose: readonly string[]
  /** Id of the run. */
  readonly run: string
  /** Empty folder for `output.log` and `evidence/`. */
  readonly folder: string
  /** Options of docker. */
  readonly labels: readonly string[]
  /** Variables in addition to those of the service. */
  readonly environment: Readonly<Record<string, string>>
  /** Kills the container. */
  readonly signal: AbortSignal | undefined
  on(text: string): void
}

/** How a container ended, and whether its whole output arrived. */
export interface Ended {
  readonly ending: Ending
  readonly whole: boolean
}

/** Runs the command of a gate in its service, copies the evidence out, and removes the container. */
export async function runContainer(attempt: Attempt): Promise<Ended> {
  const name = containerName(attempt)
  try {
    const ended = await watch(attempt, name)
    const { ending } = ended
    if (ending !== silent && ending.kind !== 'not-started') await copyEvidence(attempt, name)
    return ended
  } finally {
    await tryDocker(['rm', '--force', '--volumes', name], {
      cwd: attempt.root,
      signal: shortTimeout(),
    })
  }
}

const stopped: Ending = { kind: 'killed', why: 'the run was stopped' }
const silent: Ending = { kind: 'killed', why: `the engine did not respond for ${engineTimeout} s` }

export function containerName({ gate, run }: Pick<Attempt, 'gate' | 'run'>): string {
  return `erlmcp-gate-${run}-${gate.name}`
}

/** Attached, since `docker logs` reads a log file that may rotate and lose lines. */
function runArguments(attempt: Attempt, name: string): string[] {
  const { gate, compose, run, labels, environment } = attempt
  const variables = { ...environment, [gateVariable]: gate.name, [runVariable]: run }
  return [
    ...compose,
    ...['run', '--no-TTY', '--interactive=false', '--no-deps', '--name', name],
    ...Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...labels,
    ...[gate.spec.service, ...gate.spec.command],
  ]
}

const maxOutput = 256 << 20

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
    }, engineTimeout * 1000)
    // Before the container exists there is nothing to kill, but the command to abort.
    void tryDocker(['kill', name], { cwd: root, signal: lost.signal }).then(
      ({ exitCode }) => exitCode !== 0 && lost.abort(),
    )
  }
  const output = outputUntil(endMark(attempt.run), (chunk) => {
    const was = output.bytes - chunk.length
    if (output.bytes <= maxOutput) log.write(chunk)
    else if (was <= maxOutput) kill()
    on(chunk.toString('utf8'))
  })
  const timer = setTimeout(() => {
    late = true
    kill()
  }, secondsOf(gate.spec.timeout) * 1000)
  if (signal?.aborted) kill()
  else signal?.addEventListener('abort', kill)
  const options = { cwd: root, signal: lost.signal, onOutput: output.add }
  const { stderr } = await tryDocker(runArguments(attempt, name), options)
  clearTimeout(timer)
  signal?.removeEventListener('abort', kill)
  clearTimeout(last)
  output.close()
  await new Promise((done) => log.end(done))
  const ended = (ending: Ending) => ({ ending, whole: output.whole })
  if (gaveUp) return ended(silent)
  if (signal?.aborted) return ended(stopped)
  if (output.bytes > maxOutput) {
    return ended({ kind: 'killed', why: `more than ${maxOutput >> 20} MiB of output` })
  }
  if (late) return ended({ kind: 'timeout' })
  return ended(await endingOf(name, root, output.bytes > 0, stderr))
}

/** The last line of the script: with it the whole output has arrived. */
function endMark(run: string): string {
  return `\x1e${run}\n`
}

async function endingOf(
  name: string,
  root: string,
  printed: boolean,
  stderr: string,
): Promise<Ending> {
  const format = '{{.State.ExitCode}} {{.State.OOMKilled}} {{.State.Status}}'
  const inspect = ['inspect', '--format', format, name]
  const state = await tryDocker(inspect, { cwd: root, signal: shortTimeout() })
  const [code, outOfMemory, status] = state.stdout.trim().split(' ')
  const exists = state.exitCode === 0 && status !== 'created'
  if (!exists && !printed) return { kind: 'not-started', why: stderr.trim() }
  if (!exists) return { kind: 'killed', why: 'the container was removed' }
  if (status === 'running') return { kind: 'killed', why: 'the connection to the engine broke' }
  if (outOfMemory === 'true')
    return { kind: 'killed', why: 'it exceeded the memory limit of the service' }
  if (code === '137') return { kind: 'killed', why: 'SIGKILL' }
  return { kind: 'exit', code: Number(code) }
}

/** The folder stays empty unless the evidence is from this run. */
async function copyEvidence({ gate, root, folder, run }: Attempt, name: string): Promise<void> {
  const to = join(folder, 'evidence')
  const from = `${name}:${folders.evidence}/${gate.name}`
  const { exitCode } = await tryDocker(['cp', from, to], { cwd: root })
  // A container may leave a link to any path of the host.
  if (exitCode !== 0 || !isFolder(to) || readMark(to) !== run) removeTree(to)
  else makeAccessible(to)
}

function readMark(folder: string): string | undefined {
  const file = join(folder, runMark)
  try {
    return lstatSync(file).isFile() ? readFileSync(file, 'utf8').trim() : undefined
  } catch {
    return undefined
  }
}
