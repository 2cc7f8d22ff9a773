import type { BuiltImage } from '@erlmcp/core'
import type { Limits, Service } from '../document.ts'
import type { ImageDefaults } from '../images/facts.ts'
import { findImageDefaults } from '../images/find-defaults.ts'
import { resolve } from '../model/resolve.ts'
import { isForWindows } from '../model/windows.ts'
import type { ServiceSpec } from '../schema/author.gen.ts'
import { isPrivileged, keptCapabilities } from './capabilities.ts'
import { hasOwnProcessOne } from './init.ts'
import { defaultMemory } from './memory.ts'
import { memoryFolders, writesRoot } from './read-only.ts'
import { markStateInMemory } from './state-in-memory.ts'

const always: Service = {
  stop_grace_period: '30s',
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
}

/**
 * Adds the defaults to a new node. A key of the author replaces its default; the three limits are
 * independent. A default is left out where it would stop a known image or contradict another key.
 *
 * @param job whether another service waits for it to complete, so that it must not be restarted
 */
export function addDefaults(
  node: Record<string, unknown>,
  spec: ServiceSpec,
  image: BuiltImage | undefined,
  job: boolean,
): void {
  // The service of a provider is not a container.
  if (spec.provider) return
  const service = node as Service
  const facts = image ? undefined : findImageDefaults(service.image)
  for (const key in always) node[key] ??= always[key as keyof Service]
  if (isInteractive(node as Service)) node.stop_signal ??= 'SIGHUP'
  if (image) node.user ??= image.user
  const ends = job || facts?.runsOnce || service.deploy?.mode?.endsWith('-job')
  if (!spec.deploy?.restart_policy) node.restart ??= ends ? 'no' : 'unless-stopped'
  // The engine of Windows rejects these options.
  const linux = !isForWindows(service)
  if (linux) {
    node.init ??= !hasOwnProcessOne(service, facts)
    addRights(node, facts)
    addReadOnly(node, spec, image, facts)
  }
  node.deploy = withLimits(service, facts, linux)
}

// They ignore SIGTERM at a terminal, and exit on SIGHUP.
const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'fish', 'erl', 'iex'])

/** Whether a service is a shell at a terminal, which `docker compose down` would wait 30 s for. */
function isInteractive({ tty, stdin_open: open, command }: Service): boolean {
  if (tty !== true || open !== true || command === undefined || command === null) return false
  const [program = '', ...more] = typeof command === 'string' ? command.split(/\s+/) : command
  return shells.has(program.split('/').at(-1)!) && !more.includes('-c')
}

function addRights(node: Record<string, unknown>, facts: ImageDefaults | undefined): void {
  const service = node as Service
  if (isPrivileged(service)) return
  if (service.cap_drop === undefined && !service.cap_add?.includes('ALL')) {
    const kept = keptCapabilities(service, facts)
    node.cap_drop = ['ALL']
    if (kept.length > 0) node.cap_add = kept
  }
  if (!facts?.gainsPrivileges) node.security_opt ??= ['no-new-privileges=true']
}

function addReadOnly(
  node: Record<string, unknown>,
  spec: ServiceSpec,
  image: BuiltImage | undefined,
  facts: ImageDefaults | undefined,
): void {
  node.read_only ??= !writesRoot(node as Service, spec, facts)
  if (node.read_only === false || (spec.tmpfs !== undefined && spec.read_only !== undefined)) return
  const own = node.tmpfs === undefined ? [] : [node.tmpfs].flat()
  const added = memoryFolders(node as Service, image, facts)
  if (added.length === 0) return
  const tmpfs = [...own, ...added]
  const { state } = image ?? {}
  if (state && added.some((one) => one.startsWith(`${state}:`))) markStateInMemory(tmpfs, state)
  node.tmpfs = tmpfs
}

function withLimits(
  node: Service,
  facts: ImageDefaults | undefined,
  linux: boolean,
): Service['deploy'] {
  const { deploy, cpus, mem_limit: memory, pids_limit: pids } = node
  // Compose rejects limits that differ from those of the service, and a missing one differs.
  const ownLimits: Limits = {
    ...(cpus !== undefined && { cpus: String(cpus) }),
    ...(memory !== undefined && { memory: String(memory) }),
    ...(pids !== undefined && { pids }),
  }
  const own = { ...defaultLimits(node, facts, linux), ...ownLimits, ...deploy?.resources?.limits }
  return { ...deploy, resources: { ...deploy?.resources, limits: own } }
}

/** 1 CPU, 512M, 512 processes; more where the service needs more. */
function defaultLimits(node: Service, facts: ImageDefaults | undefined, linux: boolean): Limits {
  const reserved = Number(resolve(node.deploy?.resources?.reservations?.cpus)) || 0
  // The engine rejects a quota beside a number of CPUs.
  const hasQuota = node.cpu_quota !== undefined || node.cpu_period !== undefined
  return {
    ...(!hasQuota && { cpus: String(Math.max(reserved, 1)) }),
    memory: defaultMemory(node, facts),
    ...(linux && { pids: 512 }),
  }
}
