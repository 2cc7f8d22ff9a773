import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { ComposeFile } from '@erlmcp/compose'
import { replaceFile, UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import type { FoundGates } from '../find-gates.ts'
import type { GateValue } from '../gate.ts'
import { evidenceFolderOf } from '../paths.ts'
import { tryDocker } from './engine.ts'

/** Services that gates depend on, such as a database. They exist for one run, with their data. */
export interface Dependencies {
  /** Arguments of `docker compose` that name the files and the project. */
  readonly compose: readonly string[]
  /** Starts the dependencies of a service; resolves to an error message if that fails. */
  ready(service: string): Promise<string | undefined>
  /** Removes them with their volumes. */
  remove(): Promise<void>
}

export interface DependencyOptions extends FoundGates {
  readonly root: string
  readonly chosen: readonly GateValue[]
  /** Options of docker. */
  readonly labels: readonly string[]
  readonly signal: AbortSignal | undefined
  onStart(services: readonly string[]): void
}

/** Minutes until a dependency must be ready. */
const timeout = 10

/**
 * The dependencies of gates. A run with dependencies is a compose project of its own, so that it
 * neither uses nor removes the data of a deployment with the same service.
 *
 * @throws UserError for a secret whose file is missing
 */
export async function dependenciesOf(options: DependencyOptions): Promise<Dependencies> {
  const { root, file, document, chosen } = options
  const services = [...new Set(chosen.map(({ spec }) => spec.service))]
  validateSecrets(options, closure(document, services))
  const base = ['compose', '--file', file]
  const needed = closure(document, services).filter((name) => !services.includes(name))
  if (needed.length === 0) {
    const compose = [...base, '--profile', 'gates']
    return { compose, ready: async () => undefined, remove: async () => undefined }
  }
  const path = posix.join(evidenceFolderOf(options.gates.name), 'compose.yml')
  replaceFile(root, path, overrideOf(options, needed))
  const own = `${options.project}-${options.gates.name}`
  const compose = [...base, '--file', path, '--project-name', own, '--profile', 'gates']
  const down = ['down', '--volumes', '--remove-orphans', '--timeout', '1']
  const remove = async () => void (await tryDocker([...compose, ...down], { cwd: root }))
  // A killed run may have left some.
  await remove()
  for (const [key, name] of Object.entries(volumesOf(options))) {
    const ofProject = ['--label', `com.docker.compose.project=${options.project}`]
    const ofVolume = ['--label', `com.docker.compose.volume=${key}`]
    const create = ['volume', 'create', ...ofProject, ...ofVolume, name]
    await docker(create, { cwd: root, detached: true })
  }
  return { compose, remove, ready: starter(options, compose) }
}

/** Starts one after the other: two at once would create the same container. */
function starter(
  { root, document, labels, signal, onStart }: DependencyOptions,
  compose: readonly string[],
): Dependencies['ready'] {
  const started = new Map<string, Promise<string | undefined>>()
  let last: Promise<unknown> = Promise.resolve()
  const start = async (service: string, needed: readonly string[]) => {
    onStart(needed)
    // The command does nothing: compose starts the dependencies and waits for their conditions.
    const words = [...compose, 'run', '--rm', '--no-TTY', '--interactive=false', ...labels]
    const late = AbortSignal.timeout(timeout * 60_000)
    const either = signal ? AbortSignal.any([late, signal]) : late
    const run = [...words, '--entrypoint', 'true', service]
    const { exitCode, stderr } = await tryDocker(run, { cwd: root, signal: either })
    if (exitCode === 0) return undefined
    const why = late.aborted ? `not ready after ${timeout} min` : lastLines(stderr, 5)
    const logs = await tryDocker([...compose, 'logs', '--no-color', '--tail', '15', ...needed], {
      cwd: root,
    })
    return `the dependencies did not start: ${why}\n${logs.stdout.trim()}`
  }
  return (service) => {
    const needed = closure(document, [service]).filter((name) => name !== service)
    if (needed.length === 0) return Promise.resolve(undefined)
    const result = started.get(service) ?? last.then(() => start(service, needed))
    started.set(service, result)
    last = result
    return result
  }
}

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n')
}

/** The services and all their dependencies. */
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

/** The volumes of the gates: key in the file, name in the project. */
function volumesOf({ gates, document, project }: FoundGates): Record<string, string> {
  const entries = ['build', 'cache', 'evidence'].map((part) => {
    const key = `${gates.name}-${part}`
    return [key, document.volumes?.[key]?.name ?? `${project}_${key}`]
  })
  return Object.fromEntries(entries)
}

/** An override of the stack's file that shares nothing with a deployment but the gates' volumes. */
function overrideOf(found: FoundGates, needed: readonly string[]): string {
  const { document } = found
  const kept = volumesOf(found)
  const shared = (all: Readonly<Record<string, object | null>> | undefined) =>
    Object.entries(all ?? {})
      .filter(([, one]) => one !== null && ('name' in one || 'external' in one))
      .map(([key]) => key)
      .filter((key) => !Object.hasOwn(kept, key))
  const lines = [
    '# Generated by `erlmcp gate run` for a run with dependencies.',
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

function validateSecrets(
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
    message: `missing secrets of the gates: ${[...new Set(missing)].join(', ')}`,
    hint: 'Run `npx erlmcp secrets init`, and provide those that it lists.',
  })
}
