import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { ComposeFile } from '@erlmcp/compose'
import { replaceFile, UserError } from '@erlmcp/core'
import type { Found } from '../find.ts'
import type { GateValue } from '../gate.ts'
import { evidenceFolderOf } from '../paths.ts'
import { docker, mustDocker } from './docker.ts'

/** What gates wait for, such as a database: made for the run, and gone with its data after it. */
export interface Dependencies {
  /** Words of `docker compose` that name the files and the project. */
  readonly compose: readonly string[]
  /** Starts what a service waits for, and says why that failed. */
  ready(service: string): Promise<string | undefined>
  /** Removes all of it. */
  remove(): Promise<void>
}

export interface DependencyOptions extends Found {
  readonly root: string
  readonly chosen: readonly GateValue[]
  readonly labels: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
  onStart(services: readonly string[]): void
}

/** Minutes that a dependency has, before the gates that wait for it are red. */
const patience = 10

/**
 * The dependencies of gates. With one the run is a compose project of its own: the data of a
 * deployment that has the same service is neither used nor removed.
 *
 * @throws UserError for a secret whose file is missing
 */
export async function dependenciesOf(options: DependencyOptions): Promise<Dependencies> {
  const { root, file, document, chosen } = options
  const services = [...new Set(chosen.map(({ spec }) => spec.service))]
  refuseMissingSecrets(options, closure(document, services))
  const words = ['compose', '--file', file]
  const needed = closure(document, services).filter((name) => !services.includes(name))
  if (needed.length === 0) {
    const compose = [...words, '--profile', 'gates']
    return { compose, ready: async () => undefined, remove: async () => undefined }
  }
  const path = posix.join(evidenceFolderOf(options.gates.name), 'compose.yml')
  replaceFile(root, path, overrideOf(options, needed))
  const own = `${options.project}-${options.gates.name}`
  const compose = [...words, '--file', path, '--project-name', own, '--profile', 'gates']
  const down = ['down', '--volumes', '--remove-orphans', '--timeout', '1']
  const remove = async () => void (await docker([...compose, ...down], root))
  // What a killed run left behind.
  await remove()
  for (const [key, name] of Object.entries(volumesOf(options))) {
    const labels = { project: options.project, volume: key }
    const pairs = Object.entries(labels).map(
      ([label, value]) => `com.docker.compose.${label}=${value}`,
    )
    await mustDocker(['volume', 'create', ...pairs.flatMap((one) => ['--label', one]), name], root)
  }
  return { compose, remove, ready: starter(options, compose) }
}

/** One after the other: two that start the same service at once want the same name. */
function starter(
  { root, document, labels, signal, onStart }: DependencyOptions,
  compose: readonly string[],
): Dependencies['ready'] {
  const known = new Map<string, Promise<string | undefined>>()
  let last: Promise<unknown> = Promise.resolve()
  const start = async (service: string, needed: readonly string[]) => {
    onStart(needed)
    const pairs = Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`])
    // It does nothing itself: compose starts what it waits for, and waits as the file says.
    const words = [...compose, 'run', '--rm', '--no-TTY', '--interactive=false', ...pairs]
    const late = AbortSignal.timeout(patience * 60_000)
    const either = signal ? AbortSignal.any([late, signal]) : late
    const { code, stderr } = await docker([...words, '--entrypoint', 'true', service], root, either)
    if (code === 0) return undefined
    const why = late.aborted ? `not ready after ${patience} min` : lastLines(stderr, 5)
    const logs = await docker([...compose, 'logs', '--no-color', '--tail', '15', ...needed], root)
    return `what it depends on did not start: ${why}\n${logs.stdout.trim()}`
  }
  return (service) => {
    const needed = closure(document, [service]).filter((name) => name !== service)
    if (needed.length === 0) return Promise.resolve(undefined)
    const begun = known.get(service) ?? last.then(() => start(service, needed))
    known.set(service, begun)
    last = begun
    return begun
  }
}

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n')
}

/** The services, and all that they wait for. */
function closure({ services = {} }: ComposeFile, names: readonly string[]): string[] {
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    const needed = services[name]?.depends_on ?? {}
    for (const one of Array.isArray(needed) ? needed : Object.keys(needed)) visit(one)
  }
  names.forEach(visit)
  return [...found]
}

/** The volumes that stay: by key in the file, the name that they have in the project. */
function volumesOf({ gates, document, project }: Found): Record<string, string> {
  const entries = ['build', 'cache', 'evidence'].map((part) => {
    const key = `${gates.name}-${part}`
    return [key, document.volumes?.[key]?.name ?? `${project}_${key}`]
  })
  return Object.fromEntries(entries)
}

/** Over the stack's own file: nothing of a deployment beside it is touched, or in the way. */
function overrideOf(found: Found, needed: readonly string[]): string {
  const { document } = found
  const kept = volumesOf(found)
  const shared = (all: Readonly<Record<string, object | null>> | undefined) =>
    Object.entries(all ?? {})
      .filter(([, one]) => one !== null && ('name' in one || 'external' in one))
      .map(([key]) => key)
      .filter((key) => !Object.hasOwn(kept, key))
  const lines = [
    '# Made by `erlmcp gate run`, for a run with dependencies.',
    'services:',
    ...needed.map(
      (name) => `  ${JSON.stringify(name)}: {ports: !reset [], container_name: !reset null}`,
    ),
    'volumes:',
    ...Object.entries(kept).map(
      ([key, name]) =>
        `  ${JSON.stringify(key)}: !override {name: ${JSON.stringify(name)}, external: true}`,
    ),
    ...shared(document.volumes).map((key) => `  ${JSON.stringify(key)}: !override {}`),
    'networks:',
    ...shared(document.networks).map((key) => `  ${JSON.stringify(key)}: !override {}`),
  ]
  return `${lines.filter((line, at) => line !== 'networks:' || at < lines.length - 1).join('\n')}\n`
}

function refuseMissingSecrets(
  { root, file, document }: DependencyOptions,
  names: readonly string[],
): void {
  const used = names.flatMap((name) => document.services?.[name]?.secrets ?? [])
  const missing = used
    .map(
      (one) =>
        document.secrets?.[typeof one === 'string' ? one : (one as { source: string }).source],
    )
    .flatMap((secret) =>
      secret && 'file' in secret && typeof secret.file === 'string' ? [secret.file] : [],
    )
    .filter((path) => !/[$]/.test(path) && !existsSync(join(root, posix.dirname(file), path)))
  if (missing.length === 0) return
  throw new UserError({
    message: `gates need the secret ${[...new Set(missing)].join(', ')}, which is missing`,
    hint: 'Run `npx erlmcp secrets init`, and provide those that it names.',
  })
}
