import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { constants } from 'node:os'
import { UserError } from '@erlmcp/core'
import { docker, runDocker } from '@erlmcp/docker'
import type { Rewrite } from './rewrite.ts'

type DockerForm = Extract<Rewrite, { defined: true }>

/** Seconds for a question to the engine. */
const timeout = 20

/**
 * Runs a Docker form with the standard streams of the caller, and forwards signals to the container.
 *
 * @param form result of {@link rewrite}
 * @returns the exit code of the command; 128 and the signal number when a signal ended it
 * @throws UserError when no compose file defines the service; of kind `environment` when docker is
 * missing or its engine does not answer
 */
export async function runDockerForm(
  { argv, service }: DockerForm,
  folder: string,
): Promise<number> {
  const name = isComposeRun(argv) ? `erlmcp-run-${randomBytes(6).toString('hex')}` : undefined
  const code = await run(name === undefined ? argv : withRunOptions(argv, name), folder, name)
  if (code !== 0 && argv[0] === 'docker') await validateEngine()
  // Exit code 1 of compose itself, or of the command.
  if (code === 1 && service !== undefined) await validateService(argv, service, folder)
  return code
}

function run(argv: readonly string[], folder: string, name: string | undefined): Promise<number> {
  const [program = '', ...args] = argv
  return new Promise((resolve, reject) => {
    // Before the child starts: a signal in between would end this process alone.
    const release = forwardSignals(async (signal) => {
      if (name === undefined || !(await signalContainer(name, signal))) child.kill(signal)
    })
    const child = spawn(program, args, { cwd: folder, stdio: 'inherit' })
    child.on('error', (error: NodeJS.ErrnoException) => {
      release()
      reject(error.code === 'ENOENT' ? commandNotFound(program) : error)
    })
    child.on('close', (status, signal) => {
      release()
      resolve(status ?? 128 + constants.signals[signal ?? 'SIGKILL'])
    })
  })
}

function isComposeRun(argv: readonly string[]): boolean {
  return argv[0] === 'docker' && argv[1] === 'compose' && argv.includes('run')
}

/** Names the container. Compose checks only its output for a terminal, so `-T` is set here. */
function withRunOptions(argv: readonly string[], name: string): readonly string[] {
  const at = argv.indexOf('run') + 1
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  const options = [...(isTerminal ? [] : ['-T']), '--name', name]
  return [...argv.slice(0, at), ...options, ...argv.slice(at)]
}

/** Signals the container: compose may end at a signal and leave it running. */
async function signalContainer(name: string, signal: NodeJS.Signals): Promise<boolean> {
  try {
    return (await runDocker(['kill', '--signal', signal, name], { timeout })).exitCode === 0
  } catch {
    return false
  }
}

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

function forwardSignals(send: (signal: NodeJS.Signals) => Promise<void>): () => void {
  const handlers = forwarded.map((signal) => {
    // The terminal sends Ctrl-C to every process: forwarded, it would arrive twice.
    const fromTerminal = process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT')
    const handler = () => void (fromTerminal || send(signal))
    process.on(signal, handler)
    return () => void process.off(signal, handler)
  })
  return () => {
    for (const release of handlers) release()
  }
}

function commandNotFound(program: string): UserError {
  return new UserError({
    message: `${program} command not found`,
    hint: 'Install Docker Engine with its compose plugin, or add it to the PATH.',
    kind: 'environment',
  })
}

/** A command that failed because the engine does not answer did not fail by itself. */
async function validateEngine(): Promise<void> {
  await docker(['version', '--format', '{{.Server.Version}}'], { label: 'docker version', timeout })
}

async function validateService(
  argv: readonly string[],
  service: string,
  folder: string,
): Promise<void> {
  const compose = argv.slice(1, argv.indexOf('run'))
  const { exitCode, stdout } = await runDocker(
    [...compose, '--profile', '*', 'config', '--services'],
    { cwd: folder, timeout },
  )
  if (exitCode !== 0 || stdout.split('\n').includes(service)) return
  throw new UserError({
    message: `no compose file defines the service ${service}`,
    hint: "Set the prefix of the services in the stack: constitutionFile({ prefix: 'shop-' }) of @erlmcp/constitution. `erlmcp gate list` shows the services of the gates.",
  })
}
