import type { Rule, Violation } from '@erlmcp/core'
import type { ComposeFile, Limits, Mount } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { eachService, type Place } from '../../model/each-service.ts'
import { isKnown, resolve } from '../../model/resolve.ts'
import { bytes } from '../../model/sizes.ts'

export const swarmRejectsValue: Rule<ComposeFile> = {
  id: 'compose/swarm-rejects-value',
  kind: 'invalid',
  summary: 'Values that a swarm rejects, alone or together',
  why: '`docker stack deploy` or SwarmKit rejects the service, after others were deployed.',
  hint: 'Write what the message expects.',
  references: ['docker/cli, compose/convert', 'moby/swarmkit, controlapi/service.go'],
  bad: swarm({ services: { app: { image: 'app:1', deploy: { mode: 'global', replicas: 2 } } } }),
  good: swarm({ services: { app: { image: 'app:1', deploy: { mode: 'global' } } } }),
  ...onSwarm(function* (document) {
    for (const place of eachService(document.data)) {
      for (const validate of validators) {
        for (const { path, ...violation } of validate(place))
          yield { path: [...place.path, ...path], ...violation }
      }
    }
    yield* names(document.data)
    yield* clusterVolumes(document.data)
  }),
}

type ValidateService = (place: Place) => Iterable<Violation>

function* ofModes({ name, service: { deploy } }: Place): Iterable<Violation> {
  const mode = resolve(deploy?.mode)
  if (mode.startsWith('global') && deploy?.replicas !== undefined) {
    yield {
      path: ['deploy', 'replicas'],
      message: `${name} has replicas but runs once on every node`,
      hint: `Remove replicas, or write mode: 'replicated${mode.slice('global'.length)}'.`,
    }
  }
  if (mode.endsWith('-job') && deploy?.update_config) {
    yield {
      path: ['deploy', 'update_config'],
      message: `${name} is a job but has an update_config`,
      hint: 'Remove update_config: a changed job starts again.',
    }
  }
}

function* ofPorts({ name, service: { deploy }, ports }: Place): Iterable<Violation> {
  const withoutAddress = resolve(deploy?.endpoint_mode).toLowerCase() === 'dnsrr'
  const published = new Set<string>()
  for (const { index, mode, published: range, protocol } of ports) {
    if (withoutAddress && mode === 'ingress') {
      yield {
        path: ['ports', index],
        message: `${name} publishes a port on every node but has endpoint_mode dnsrr`,
        hint: "Write mode: 'host' at the port, or endpoint_mode: 'vip'.",
      }
    }
    if (!range) continue
    for (let port = range[0]; port <= range[1]; port += 1) {
      const key = `${port}/${protocol}`
      if (published.has(key)) {
        const message = `${name} publishes ${key} twice`
        yield { path: ['ports', index], message, hint: 'Keep one of them.' }
        break
      }
      published.add(key)
    }
  }
}

const leastMemory = 4 * 1024 ** 2

function* ofResources({ name, service: { deploy } }: Place): Iterable<Violation> {
  for (const part of ['limits', 'reservations'] as const) {
    const resources = deploy?.resources?.[part] as Limits | undefined
    const [cpus, memory] = [Number(resolve(resources?.cpus)), bytes(resources?.memory)]
    const path = ['deploy', 'resources', part]
    if (cpus > 0 && cpus < 0.001) {
      const message = `${part} of ${name} has ${cpus} cpus: expected at least 0.001`
      yield { path: [...path, 'cpus'], message, hint: "Write cpus: '0.001' or more." }
    }
    if (memory && memory < leastMemory) {
      const message = `${part} of ${name} has ${memory} bytes of memory: expected at least 4M`
      yield { path: [...path, 'memory'], message, hint: "Write memory: '4M' or more." }
    }
  }
}

const durations = ['interval', 'timeout', 'start_period', 'start_interval'] as const

function* ofHealth({ name, service: { healthcheck } }: Place): Iterable<Violation> {
  if (!healthcheck) return
  if (resolve(healthcheck.disable as string | undefined) === 'true' && healthcheck.test?.length) {
    const message = `the healthcheck of ${name} is disabled but has a test`
    yield { path: ['healthcheck', 'disable'], message, hint: 'Keep disable or test.' }
  }
  for (const key of durations) {
    const text = resolve(healthcheck[key])
    if (!/^(?:\d+\.?\d*|\.\d+)(?:ns|us|µs)$/.test(text) || Number.parseFloat(text) === 0) continue
    const milliseconds = Number.parseFloat(text) / (text.endsWith('ns') ? 1e6 : 1000)
    if (milliseconds >= 1) continue
    const message = `healthcheck.${key} of ${name} is ${text}: expected at least 1ms`
    yield { path: ['healthcheck', key], message, hint: `Write ${key}: '1s'.` }
  }
}

const options = ['bind', 'volume', 'tmpfs', 'image'] as const

function* ofMounts({ name, service: { volumes } }: Place): Iterable<Violation> {
  for (const [index, mount] of (volumes ?? []).entries()) {
    if (typeof mount !== 'object') continue
    const path = ['volumes', index]
    const wrong = mountFault(mount)
    if (wrong) yield { path, message: `${name} has a mount of type ${mount.type}: ${wrong}`, hint }
  }
}

const hint = 'Keep the options of the type: bind for bind, volume for volume, tmpfs for tmpfs.'

function mountFault(mount: Mount): string | undefined {
  const { type, source = '' } = mount
  if (type === 'image') return 'a swarm cannot mount images'
  const own = type === 'npipe' ? 'bind' : type
  const other = options.find((key) => key !== own && mount[key] !== undefined)
  if (other) return `it has options of ${other}`
  if (type === 'tmpfs' && source !== '') return 'it has a source'
  return source === '' && (type === 'npipe' || type === 'cluster') ? 'it has no source' : undefined
}

function* ofGrants({ name, service }: Place): Iterable<Violation> {
  for (const section of ['secrets', 'configs'] as const) {
    const targets = new Set<string>()
    for (const [index, grant] of (service[section] ?? []).entries()) {
      const long = typeof grant === 'object' ? grant : { source: grant }
      const target = resolve(long.target || long.source)
      if (isKnown(target) && targets.has(target)) {
        const message = `${name} has two ${section} at ${target}`
        yield { path: [section, index], message, hint: 'Give one of them another target.' }
      }
      targets.add(target)
    }
  }
}

const validators: readonly ValidateService[] = [
  ...[ofModes, ofPorts, ofResources, ofHealth, ofMounts, ofGrants],
]

function* clusterVolumes(data: ComposeFile): Iterable<Violation> {
  for (const { name, path, mounts } of eachService(data)) {
    for (const { index, type, source } of mounts) {
      if (type !== 'cluster' || source.startsWith('group:') || !isKnown(source)) continue
      if (Object.hasOwn(data.volumes ?? {}, source)) continue
      const message = `${name} mounts ${source}, which is not defined`
      yield { path: [...path, 'volumes', index], message, hint: 'Define it, or write group:name.' }
    }
  }
}

// The names that SwarmKit accepts after the name of the stack and `_`.
const ofServices = /^[a-zA-Z0-9_-]*[a-zA-Z0-9]$/
const ofFiles = /^[a-zA-Z0-9-_.]*[a-zA-Z0-9]$/
const patterns = { services: ofServices, networks: ofServices, secrets: ofFiles, configs: ofFiles }

function* names(data: ComposeFile): Iterable<Violation> {
  for (const [section, pattern] of Object.entries(patterns)) {
    const nodes = data[section as 'networks'] ?? {}
    for (const [key, node] of Object.entries(nodes)) {
      const { name: own, external } = (node ?? {}) as { name?: string; external?: unknown }
      const name = own === undefined ? key : resolve(own)
      if (external || !isKnown(name) || (pattern.test(name) && name.length < 63)) continue
      yield {
        path: [section, key],
        message: `${section}.${key}: invalid name ${JSON.stringify(name)} for a swarm`,
        hint: 'Use at most 62 letters, digits, dashes and underscores, with a letter or digit at the end.',
      }
    }
  }
}
