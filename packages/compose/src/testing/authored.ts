import type { ComposeFile, Mount, Service } from '../document.ts'
import {
  config,
  mount,
  network,
  type ServiceValue,
  secret,
  service,
  started,
  use,
  volume,
} from '../index.ts'

type Given = Readonly<Record<string, unknown>>
type Definitions = { readonly [name: string]: unknown }

/** What is named in a list, or in a map with how it is used. */
function entries(written: unknown): [string, object | undefined][] {
  if (Array.isArray(written)) {
    return written.map((one) =>
      typeof one === 'object' && one !== null
        ? [String((one as Given).source), { ...one, source: undefined }]
        : [String(one), undefined],
    )
  }
  return Object.entries((written ?? {}) as Given) as [string, object | undefined][]
}

/**
 * The services of a document as an author would write them: what they use is a value. Keys that
 * cannot be written so are left out.
 */
export function authored(document: ComposeFile): readonly ServiceValue[] {
  const define = <Value>(
    section: Definitions | undefined,
    make: (name: string, spec: never) => Value,
  ) =>
    new Map(
      Object.entries(section ?? {}).map(([name, spec]) => [
        name,
        make(name, (spec ?? {}) as never),
      ]),
    )
  const networks = define(document.networks, network)
  const volumes = define(document.volumes, volume)
  const secrets = define(document.secrets, secret)
  const configs = define(document.configs, config)
  const made = new Map<string, ServiceValue>()
  const of = (values: ReadonlyMap<string, object>, written: unknown): never[] =>
    entries(written).flatMap(([name, how]) => {
      const value = values.get(name)
      if (value === undefined) return []
      return how && Object.keys(how).length > 0
        ? [use(value as never, how as never) as never]
        : [value as never]
    })
  // Last first: a service may name those after it.
  for (const [name, spec] of Object.entries(document.services ?? {}).reverse()) {
    const { extends: _, links: __, volumes_from: ___, models: ____, ...rest } = spec as Service
    const { networks: on, secrets: reads, configs: sees, depends_on: waits, volumes: mounts } = rest
    const { credential_spec: _____, build, ...plain } = rest
    const written: Record<string, unknown> = {
      ...plain,
      ...(on && { networks: of(networks, on) }),
      ...(reads && { secrets: of(secrets, reads) }),
      ...(sees && { configs: of(configs, sees) }),
      ...(waits && {
        depends_on: entries(waits).flatMap(([on]) => {
          const other = made.get(on)
          return other ? [started(other)] : []
        }),
      }),
      ...(Array.isArray(mounts) && { volumes: mounts.map((one) => mountOf(one, volumes)) }),
      ...(build !== undefined && {
        build: typeof build === 'object' ? { ...build, secrets: undefined } : build,
      }),
    }
    for (const key of ['network_mode', 'pid', 'ipc']) {
      const other = /^service:(.*)$/.exec(String(written[key]))?.[1]
      if (other !== undefined) written[key] = made.get(other)
    }
    made.set(name, service(name, written as never))
  }
  return [...made.values()].reverse()
}

function mountOf(written: string | Mount, volumes: ReadonlyMap<string, ReturnType<typeof volume>>) {
  if (typeof written !== 'object') return written
  const { type, source = '', target, ...options } = written
  const named = volumes.get(source)
  if (type === 'volume' && named) return mount(named, target, options as never)
  return type === 'bind' ? mount(source as './', target, options as never) : written
}
