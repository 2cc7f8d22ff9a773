import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { constants } from 'node:os'
import { UserError } from '@erlmcp/core'
import type { Rewrite } from './rewrite.ts'

type DockerForm = Extract<Rewrite, { defined: true }>

/**
 * Runs a Docker form with the caller's own standard streams, and passes signals on. A terminal
 * stays one; without one compose is told so.
 *
 * @param form as {@link rewrite} gives it
 * @returns the exit code of the command; 128 and the number of the signal where one ended it
 * @throws UserError when no compose file has the service; of kind `environment` when there is no Docker,
 * or its engine does not answer
 */
export async function execute({ argv, service }: DockerForm, folder: string): Promise<number> {
  const name = isComposeRun(argv) ? `erlmcp-run-${randomBytes(6).toString('hex')}` : undefined
  const [program = '', ...args] = name === undefined ? argv : withOptions(argv, name)
  const code = await new Promise<number>((resolve, reject) => {
    // Before there is a child: a signal in between would end this program, and leave the child.
    const release = passSignals((signal) => {
      if (name === undefined || !killed(name, signal)) child.kill(signal)
    })
    const child = spawn(program, args, { cwd: folder, stdio: 'inherit' })
    child.on('error', (error: NodeJS.ErrnoException) => {
      release()
      reject(error.code === 'ENOENT' ? missing(program) : error)
    })
    child.on('close', (status, signal) => {
      release()
      resolve(status ?? 128 + constants.signals[signal ?? 'SIGKILL'])
    })
  })
  if (code !== 0) refuseSilentEngine(argv)
  // What compose itself ends with; it may be the command's own code too.
  if (code === 1 && service !== undefined) refuseMissingService(argv, service, folder)
  return code
}

function isComposeRun(argv: readonly string[]): boolean {
  return argv[0] === 'docker' && argv[1] === 'compose' && argv.includes('run')
}

/** Compose looks at its output alone, and then cannot read an input that is no terminal. */
function withOptions(argv: readonly string[], name: string): readonly string[] {
  const run = argv.indexOf('run') + 1
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  const options = [...(isTerminal ? [] : ['-T']), '--name', name]
  return [...argv.slice(0, run), ...options, ...argv.slice(run)]
}

/**
 * Sends a signal to the container itself: compose, when it gets one, may end and leave the
 * container behind. Whether there was a container to get it.
 */
function killed(name: string, signal: NodeJS.Signals): boolean {
  const argv = ['kill', '--signal', signal, name]
  return spawnSync('docker', argv, { stdio: 'ignore', timeout: 20_000 }).status === 0
}

const passed = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

function passSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const handlers = passed.map((signal) => {
    // Ctrl-C reaches every process of the terminal: passed on it would arrive twice.
    const fromTerminal = process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT')
    const handler = () => void (fromTerminal || send(signal))
    process.on(signal, handler)
    return () => void process.off(signal, handler)
  })
  return () => {
    for (const release of handlers) release()
  }
}

function missing(program: string): UserError {
  return new UserError({
    message: `there is no ${program} command on PATH`,
    hint: 'Install Docker Engine with its compose plugin.',
    kind: 'environment',
  })
}

/** A command that failed for want of an engine did not fail by itself. */
function refuseSilentEngine(argv: readonly string[]): void {
  if (argv[0] !== 'docker') return
  const asked = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  if (asked.status === 0) return
  throw new UserError({
    message: `the Docker engine does not answer: ${asked.stderr?.trim().split('\n').at(-1) ?? ''}`,
    hint: 'Start it, or set DOCKER_HOST to one that runs.',
    kind: 'environment',
  })
}

/** Compose says that there is no such service, and nothing of the map that has named it. */
function refuseMissingService(argv: readonly string[], service: string, folder: string): void {
  const compose = argv.slice(1, argv.indexOf('run'))
  const asked = spawnSync('docker', [...compose, '--profile', '*', 'config', '--services'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
  })
  if (asked.status !== 0 || asked.stdout.split('\n').includes(service)) return
  throw new UserError({
    message: `no compose file here has the service ${service}, in which that runs`,
    hint: "constitutionFile({ prefix: 'shop-' }) of @erlmcp/gates says in the stack how services are called; `erlmcp gate list` shows those of the gates.",
  })
}
