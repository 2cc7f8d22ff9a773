import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheDirectory } from './cache-directory.ts'
import { type EngineSearch, findEngine } from './engine.ts'
import { type Finished, must, type RunOptions, run } from './process.ts'
import { runId } from './reaper.ts'
import { findTool } from './tools.ts'

/** One engine of a swarm: a manager, as all of them are. */
export interface SwarmEngine {
  /** Its host name, and its name in `docker node ls`: `engine1`. */
  readonly name: string
  /** Where it is in the network of the swarm. */
  readonly address: string
  /** For `DOCKER_HOST`. */
  readonly host: string
  /** A docker command on it: returns what it said, whatever its exit code. */
  docker(argv: readonly string[], options?: RunOptions): Promise<Finished>
}

export interface SwarmOfEngines {
  readonly engines: readonly SwarmEngine[]
  /** Gives images of the machine's own engine to engines of the swarm. Default: to all. */
  load(refs: readonly string[], engines?: readonly SwarmEngine[]): Promise<void>
  /**
   * The command, run on a machine of its own in the network of the engines: a client outside of the swarm,
   * which reaches what they publish in `mode: host`. It is alone there: no other network is reached.
   */
  outside(argv: readonly [string, ...string[]]): readonly [string, ...string[]]
  /** Ends an engine and all that it runs at once, like a machine without power. */
  lose(engine: SwarmEngine): Promise<void>
  /** Starts an engine again that was lost, with the data that it had. */
  back(engine: SwarmEngine): Promise<void>
  /** Ends it all. So does the end of this process, however it comes. */
  end(): Promise<void>
}

const minute = 60_000
let count = 0
const started = new Set<SwarmOfEngines>()

/** Ends every swarm of this process. */
export async function endSwarms(): Promise<void> {
  for (const swarm of started) await swarm.end()
}

/**
 * Whether a swarm of engines can be made here, or the reason why not. It takes root, the dockerd of the
 * machine's engine, and the tools of iproute2, iptables and util-linux.
 */
export function findSwarm(): EngineSearch {
  const search = findEngine()
  if (!search.found) return search
  const reason = whyNoSwarm()
  return reason === undefined ? search : { found: false, reason }
}

function whyNoSwarm(): string | undefined {
  if (process.getuid?.() !== 0) return 'a swarm of engines needs root'
  const missing = ['ip', 'iptables', 'unshare', 'nsenter', 'hostname'].filter(
    (name) => !findTool(name),
  )
  if (missing.length > 0) return `a swarm of engines needs ${missing.join(', ')}`
  if (!dockerdFolder()) return 'there is no dockerd on PATH, and none of .ci/engine'
  const { status } = spawnSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true'])
  return status === 0 ? undefined : 'this machine does not permit network namespaces'
}

/** The folder of dockerd: on PATH, or what `.ci/engine` has unpacked. */
function dockerdFolder(): string | undefined {
  const bundles = join(cacheDirectory(), 'engine')
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...(existsSync(bundles) ? readdirSync(bundles) : []).map((one) =>
      join(bundles, one, 'usr/sbin'),
    ),
  ]
  return folders.find((folder) => existsSync(join(folder, 'dockerd')))
}

/**
 * A swarm of as many Docker engines as asked for, on this machine, in namespaces of their own. All are
 * managers, so that three stay a swarm without one. They reach each other and nothing else.
 *
 * @throws Error when `findSwarm` finds a reason, or an engine does not start
 * @example
 * const swarm = await swarmOfEngines(3)
 * await swarm.load(['erlmcp:3.0.0'])
 * await swarm.engines[0].docker(['stack', 'deploy', '-c', 'stack.yml', 'shop'])
 */
export async function swarmOfEngines(size: number): Promise<SwarmOfEngines> {
  const search = findSwarm()
  if (!search.found) throw new Error(search.reason)
  count += 1
  const name = `erlmcp-swarm-${runId}-${count}`
  const folder = join(cacheDirectory(), name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const machine = startMachines(folder, size, name)
  const engines = Array.from({ length: size }, (_, at) => engineOf(folder, at + 1))
  const swarm: SwarmOfEngines = {
    engines,
    async load(refs, to = engines) {
      const tar = join(folder, 'images.tar')
      await must(['docker', 'save', '--output', tar, ...refs], { timeout: 5 * minute })
      for (const { host } of to) {
        await must(['docker', '--host', host, 'load', '--quiet', '--input', tar], {
          timeout: 5 * minute,
        })
      }
      rmSync(tar)
    },
    outside(argv) {
      const hub = readFileSync(join(folder, 'hub.pid'), 'utf8').trim()
      return ['nsenter', `--net=/proc/${hub}/ns/net`, '--', ...argv]
    },
    async lose(engine) {
      machine.tell(`lose ${numberOf(engine)}`)
      await until(async () => (await engine.docker(['info'])).code !== 0, folder)
    },
    async back(engine) {
      machine.tell(`back ${numberOf(engine)}`)
      await answers(engine, folder)
    },
    async end() {
      await machine.end()
      started.delete(swarm)
    },
  }
  started.add(swarm)
  try {
    await Promise.all(engines.map((engine) => answers(engine, folder)))
    await intoOneSwarm(engines)
  } catch (error) {
    await swarm.end()
    throw error
  }
  return swarm
}

/** The script that holds the namespaces; the end of its input is their end. */
function startMachines(folder: string, size: number, name: string) {
  const script = fileURLToPath(new URL('./swarm.sh', import.meta.url))
  const sbin = dockerdFolder() ?? ''
  const path = [sbin, join(sbin, '../bin'), process.env.PATH].join(delimiter)
  const child = spawn(script, [folder, String(size), name], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { ...process.env, PATH: path },
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  child.stdin.on('error', () => undefined)
  child.unref()
  // As for the reaper: its pipe must not keep this process alive.
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return {
    tell: (line: string) => void child.stdin.write(`${line}\n`),
    async end() {
      child.ref()
      child.stdin.end()
      await ended
    },
  }
}

function engineOf(folder: string, number: number): SwarmEngine {
  const host = `unix://${join(folder, `${number}.sock`)}`
  return {
    name: `engine${number}`,
    address: `192.0.2.${number}`,
    host,
    docker: (argv, options) => run(['docker', '--host', host, ...argv], options),
  }
}

const numberOf = ({ name }: SwarmEngine) => name.replace('engine', '')

async function answers(engine: SwarmEngine, folder: string): Promise<void> {
  await until(async () => (await engine.docker(['info'])).code === 0, folder)
}

async function until(holds: () => Promise<boolean>, folder: string): Promise<void> {
  const end = Date.now() + minute
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`an engine did not within a minute:\n${logs(folder)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function logs(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => `${name}: ${readFileSync(join(folder, name), 'utf8').slice(-1000)}`)
    .join('\n')
}

async function intoOneSwarm([first, ...others]: readonly SwarmEngine[]): Promise<void> {
  if (!first) return
  const say = async (engine: SwarmEngine, ...argv: string[]) => {
    const { stdout } = await must(['docker', '--host', engine.host, 'swarm', ...argv])
    return stdout.trim()
  }
  await say(first, 'init', '--advertise-addr', first.address)
  const token = await say(first, 'join-token', '--quiet', 'manager')
  for (const engine of others) {
    await say(engine, 'join', '--token', token, '--advertise-addr', engine.address, first.address)
  }
}
