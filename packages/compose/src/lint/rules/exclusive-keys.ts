import { isObject, type Path, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { everyService } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'
import { isExternal } from './external-with-options.ts'

type Node = Readonly<Record<string, unknown>>

/** Keys of which a node has at most one. */
const content = { secrets: ['file', 'environment'], configs: ['file', 'environment', 'content'] }
const ofHost = ['uts', 'hostname']
const ofCpu = ['cpu_quota', 'cpu_period'] as const
const ofBuild = ['dockerfile', 'dockerfile_inline']
const ofDevices = ['count', 'device_ids']
const ofCredentials = ['config', 'file', 'registry']

/** The nodes of a file that have exclusive keys, with the way to each. */
function* nodes({ data }: { readonly data: ComposeFile }, inSwarm: boolean) {
  for (const section of ['secrets', 'configs'] as const) {
    // A driver provides the content, also beside a file; a stack file rejects both together.
    const keys = inSwarm ? [...content[section], 'driver'] : content[section]
    for (const [name, node] of Object.entries(data[section] ?? {})) {
      yield [
        [section, name] as Path,
        node as Node,
        keys,
        `the ${section.slice(0, -1)} ${name}`,
      ] as const
    }
  }
  for (const { name, service, path } of everyService(data)) {
    const { build, gpus, deploy, credential_spec: credentials } = service
    // A swarm ignores quotas.
    for (const key of inSwarm ? [] : ofCpu) {
      const cpus = service.cpus ?? deploy?.resources?.limits?.cpus
      if (Number(resolve(cpus)) === 0 || Number(resolve(service[key])) === 0) continue
      const node = { cpus, [key]: service[key] }
      yield [path, node as Node, ['cpus', key], name] as const
    }
    if (resolve(service.uts) === 'host') yield [path, service as Node, ofHost, name] as const
    if (isObject(build))
      yield [[...path, 'build'], build as Node, ofBuild, `the build of ${name}`] as const
    const reserved = deploy?.resources?.reservations?.devices
    const way = ['deploy', 'resources', 'reservations', 'devices']
    for (const [keys, devices] of [
      [['gpus'], gpus],
      [way, reserved],
    ] as const) {
      if (!Array.isArray(devices)) continue
      for (const [index, one] of devices.entries()) {
        yield [[...path, ...keys, index], one as Node, ofDevices, `a device of ${name}`] as const
      }
    }
    if (inSwarm && credentials) {
      const at = [...path, 'credential_spec']
      yield [at, credentials as Node, ofCredentials, `the credential_spec of ${name}`] as const
    }
  }
}

export const exclusiveKeys: Rule<ComposeFile> = {
  id: 'compose/exclusive-keys',
  kind: 'invalid',
  summary: 'Mutually exclusive or missing keys',
  why: 'Compose rejects the file, or the engine the container.',
  hint: 'Keep one of them.',
  references: ['compose-go, validation', 'compose-go, loader/validate.go'],
  appliesTo: [
    'secrets',
    'configs',
    'build',
    'gpus',
    'deploy',
    'credential_spec',
    'cpus',
    'cpu_quota',
    'uts',
  ],
  bad: {
    services: { app: { image: 'app:1', configs: ['motd'] } },
    configs: { motd: { content: 'Hello', file: './motd' } },
  },
  good: {
    services: { app: { image: 'app:1', configs: ['motd'] } },
    configs: { motd: { content: 'Hello' } },
  },
  *check(document) {
    const inSwarm = isSwarm(document)
    for (const [path, node, keys, subject] of nodes(document, inSwarm)) {
      if (!isObject(node)) continue
      const written = keys.filter((key) => node[key] !== undefined)
      if (written.length > 1) {
        const [first, second] = written
        yield { path: [...path, second!], message: `${subject} has both ${first} and ${second}` }
      }
      const empty =
        path[0] === 'secrets' && written.every((key) => resolve(node[key] as string) === '')
      if ((written.length > 0 && !empty) || (path[0] !== 'secrets' && path[0] !== 'configs'))
        continue
      if (isExternal(node.external)) continue
      if (inSwarm && node.driver !== undefined) continue
      yield {
        path,
        message: `${subject} needs one of ${keys.join(', ')}, or external`,
        hint: node.driver === undefined ? `Add ${keys[0]}, or external: true.` : driverHelp,
      }
    }
  },
}

const driverHelp = 'Compose does not support secret drivers: add a file, or generate a swarm stack.'
