import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { CommandError, type Finished, must, type RunOptions, run } from './process.ts'
import { reapAtExit, runId } from './reaper.ts'

export interface ComposeOptions {
  /** Compose files, relative to the project directory. Default: `compose.yaml`. */
  readonly file?: string | readonly string[]
  readonly profiles?: readonly string[]
  /** What the files interpolate, added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Which services a command is about (default: all that the profiles enable), and its time limit. */
export interface CommandOptions {
  readonly services?: readonly string[]
  /** Milliseconds. */
  readonly timeout?: number
}

export interface UpOptions extends CommandOptions {
  /** Wait until every service is running, and healthy where it has a healthcheck. */
  readonly wait?: boolean
  readonly build?: boolean
}

export interface ExecOptions extends Pick<RunOptions, 'timeout' | 'input' | 'env'> {
  readonly user?: string
}

/** A container as `docker compose ps` tells of it. */
export interface ContainerStatus {
  readonly ID: string
  readonly Name: string
  readonly Service: string
  readonly State: string
  /** Empty without a healthcheck. */
  readonly Health: string
  readonly ExitCode: number
}

/** The part of `docker inspect` that tests look at; the rest is there too, untyped. */
export interface ContainerInspection {
  readonly Id: string
  readonly State: {
    readonly Status: string
    readonly ExitCode: number
    readonly OOMKilled: boolean
  }
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> }
  readonly HostConfig: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}

export interface ComposeProject {
  /** Unique per call: two runs never meet. */
  readonly name: string
  readonly directory: string
  build(options?: CommandOptions): Promise<void>
  up(options?: UpOptions): Promise<void>
  /** A command in a running container: returns what it said, whatever its exit code. */
  exec(service: string, argv: readonly string[], options?: ExecOptions): Promise<Finished>
  /** A command in a new container of the service, which is removed afterwards. */
  run(service: string, argv: readonly string[], options?: ExecOptions): Promise<Finished>
  /** Standard output and error of a service's containers, without prefixes. */
  logs(service: string): Promise<string>
  ps(): Promise<readonly ContainerStatus[]>
  inspect(service: string): Promise<ContainerInspection>
  /** Where a container port is reached from here: `127.0.0.1:49153`. */
  port(service: string, port: number): Promise<string>
  /** Restarts and, with a healthcheck, waits until the service is healthy again. */
  restart(service: string): Promise<void>
  /** Stops a service and returns how many milliseconds that took. */
  stop(service: string): Promise<number>
  /** Removes containers, networks, volumes and built images. Twice is harmless. */
  down(): Promise<void>
}

const minute = 60_000
let count = 0
const started = new Set<ComposeProject>()

/**
 * A compose project of a test. Nothing happens before its first command; from then on it is removed at
 * the end of the `describeEngine` around it, and by the reaper when the process ends in any other way.
 *
 * @example
 * const project = composeProject(directory, { profiles: ['dev'] })
 * await project.up({ wait: true })
 */
export function composeProject(directory: string, options: ComposeOptions = {}): ComposeProject {
  count += 1
  const name = `erlmcp-${runId}-${count}`
  const { file = 'compose.yaml', profiles = [], env } = options
  const cwd = resolve(directory)
  const compose = [
    ...['docker', 'compose', '--project-name', name, '--progress', 'plain'],
    ...[file].flat().flatMap((path) => ['--file', resolve(cwd, path)]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
  ] as [string, ...string[]]

  const call = (command: typeof run, argv: readonly string[], more: RunOptions = {}) => {
    if (!started.has(project)) {
      started.add(project)
      reapAtExit(name)
    }
    return command([...compose, ...argv], { ...more, cwd, env: { ...env, ...more.env } })
  }
  const container = async (service: string): Promise<string> => {
    const { stdout } = await call(must, ['ps', '--all', '--quiet', service])
    const id = stdout.trim().split('\n')[0]
    if (!id) throw new Error(`service ${service} of ${name} has no container`)
    return id
  }

  const project: ComposeProject = {
    name,
    directory: cwd,
    async build({ services = [], timeout = 20 * minute } = {}) {
      await call(must, ['build', ...services], { timeout })
    },
    async up({ wait = false, build = false, services = [], timeout = 5 * minute } = {}) {
      const flags = [
        ...(wait ? ['--wait', '--wait-timeout', String(Math.ceil(timeout / 1000))] : []),
        ...(build ? ['--build'] : []),
      ]
      // Compose ends by itself at the time limit; the kill is for a compose that does not.
      const limit = timeout + minute + (build ? 20 * minute : 0)
      try {
        await call(must, ['up', '--detach', ...flags, ...services], { timeout: limit })
      } catch (error) {
        throw error instanceof CommandError ? await withLogs(error, project, call) : error
      }
    },
    exec(service, argv, { user, ...rest } = {}) {
      const flags = ['exec', '-T', ...(user ? ['--user', user] : []), service]
      return call(run, [...flags, ...argv], rest)
    },
    run(service, argv, { user, timeout = 2 * minute, ...rest } = {}) {
      const flags = ['run', '--rm', '-T', ...(user ? ['--user', user] : []), service]
      return call(run, [...flags, ...argv], { timeout, ...rest })
    },
    async logs(service) {
      const { stdout } = await call(must, ['logs', '--no-log-prefix', '--no-color', service])
      return stdout
    },
    async ps() {
      const { stdout } = await call(must, ['ps', '--all', '--format', 'json'])
      return stdout
        .split('\n')
        .filter(Boolean)
        .map((line): ContainerStatus => JSON.parse(line))
    },
    async inspect(service) {
      const { stdout } = await must(['docker', 'inspect', await container(service)])
      const [inspection]: ContainerInspection[] = JSON.parse(stdout)
      if (!inspection) throw new Error(`docker inspect of ${service} said nothing`)
      return inspection
    },
    async port(service, port) {
      const { stdout } = await call(must, ['port', service, String(port)])
      return stdout.trim().replace(/^0\.0\.0\.0:/, '127.0.0.1:')
    },
    async restart(service) {
      await call(must, ['restart', service], { timeout: 3 * minute })
      await project.up({ wait: true, services: [service] })
    },
    async stop(service) {
      const begin = performance.now()
      await call(must, ['stop', service], { timeout: 3 * minute })
      return performance.now() - begin
    },
    async down() {
      if (!started.has(project)) return
      const everything = ['down', '--volumes', '--remove-orphans', '--timeout', '5']
      // Every profile, or what a profile started would stay.
      const byFile = () => call(run, ['--profile', '*', ...everything], { timeout: 3 * minute })
      // Files that are gone, or that compose no longer reads, must not keep their containers alive.
      const { code } = existsSync(cwd) ? await byFile() : { code: 1 }
      if (code !== 0) await must(['docker', 'compose', '--project-name', name, ...everything])
      await removeImages(name)
      started.delete(project)
    },
  }
  return project
}

/** Removes every project that has been started in this process. */
export async function downAll(): Promise<void> {
  for (const project of started) await project.down()
}

async function removeImages(project: string): Promise<void> {
  const filter = `label=com.docker.compose.project=${project}`
  const { stdout } = await must(['docker', 'image', 'ls', '--quiet', '--filter', filter])
  const ids = [...new Set(stdout.split('\n').filter(Boolean))]
  if (ids.length > 0) await run(['docker', 'image', 'rm', '--force', ...ids])
}

/** `up` says that a container is unhealthy; why, its log says. */
async function withLogs(
  error: CommandError,
  { name }: ComposeProject,
  call: (command: typeof run, argv: readonly string[]) => Promise<Finished>,
): Promise<CommandError> {
  const { stdout } = await call(run, ['logs', '--no-color', '--tail', '30'])
  const stderr = `${error.finished.stderr}\n--- logs\n${stdout}`
  return new CommandError('up failed', ['docker', 'compose', name], { ...error.finished, stderr })
}
