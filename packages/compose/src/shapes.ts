import { type Origin, UserError } from '@erlmcp/core'
import type { Network, Secret, Service } from './document.ts'

/** What may stand under a key: how to see it, and how to say it. */
export interface Shape {
  readonly is: (value: unknown) => boolean
  readonly said: string
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text: Shape = { is: (value) => typeof value === 'string', said: 'text' }
const scalar: Shape = {
  is: (value) => amount.is(value) || typeof value === 'boolean',
  said: 'text, a number or a switch',
}
const aSwitch: Shape = {
  is: (value) => typeof value === 'boolean' || typeof value === 'string',
  said: 'true or false',
}
const amount: Shape = {
  is: (value) => typeof value === 'number' || typeof value === 'string',
  said: 'a number or text',
}
const nothing: Shape = { is: (value) => value === null, said: 'nothing' }
const object: Shape = { is: isObject, said: 'an object' }

// Loops and no closures: these look at everything that every service says.
const either = (...shapes: readonly Shape[]): Shape => ({
  is: (value) => {
    for (const shape of shapes) if (shape.is(value)) return true
    return false
  },
  said: shapes.map(({ said }) => said).join(', or '),
})
const list = (item: Shape): Shape => ({
  is: (value) => {
    if (!Array.isArray(value)) return false
    for (const one of value) if (!item.is(one)) return false
    return true
  },
  said: `a list, each ${item.said}`,
})
const map = (item: Shape): Shape => ({
  is: (value) => {
    if (!isObject(value)) return false
    for (const key in value) if (!item.is(value[key])) return false
    return true
  },
  said: `an object of names, each ${item.said}`,
})
/** An object in which these keys, where they are said, have these shapes. */
const fields = (shapes: Readonly<Record<string, Shape>>): Shape => {
  const known = byKey(shapes)
  return {
    is: (value) => isObject(value) && misshapen(value, known) === undefined,
    said: `an object (${[...known].map(([key, { said }]) => `${key}: ${said}`).join('; ')})`,
  }
}

type Shapes = ReadonlyMap<string, Shape>

/** A map: a node may have any key, also one that every object has. */
function byKey(shapes: Readonly<Record<string, Shape>>): Shapes {
  return new Map(Object.entries(shapes))
}

/** The first key of a node that does not have its shape. */
function misshapen(node: object, shapes: Shapes): string | undefined {
  for (const key in node) {
    const shape = shapes.get(key)
    if (shape === undefined) continue
    const value = (node as Record<string, unknown>)[key]
    if (value !== undefined && !shape.is(value)) return key
  }
  return undefined
}

const texts = list(text)
const textOrTexts = either(text, texts)
const words = either(text, texts, nothing)
const pairs = either(texts, map(either(scalar, nothing)))
const limits = fields({ cpus: scalar, memory: scalar, pids: scalar })
const grants = list(either(text, fields({ source: text })))
const hooks = list(object)

/**
 * The keys of a service that hold more than one scalar, or that must be text, with what the Compose
 * specification allows there, as far as the rules read it.
 */
export const serviceShapes = byKey({
  build: either(text, fields({ context: text, args: pairs, labels: pairs, secrets: grants })),
  cap_add: texts,
  cap_drop: texts,
  command: words,
  configs: grants,
  cpus: amount,
  container_name: text,
  depends_on: either(texts, map(fields({ condition: text }))),
  deploy: either(
    nothing,
    fields({
      labels: pairs,
      replicas: scalar,
      resources: fields({ limits, reservations: limits }),
      restart_policy: object,
      rollback_config: object,
      update_config: object,
    }),
  ),
  devices: list(either(text, fields({ source: text }))),
  entrypoint: words,
  env_file: either(text, list(either(text, fields({ path: text })))),
  environment: pairs,
  external_links: texts,
  extra_hosts: either(texts, map(textOrTexts)),
  healthcheck: fields({
    test: textOrTexts,
    interval: text,
    timeout: text,
    start_period: text,
    start_interval: text,
    retries: amount,
  }),
  hostname: text,
  image: text,
  init: aSwitch,
  ipc: text,
  labels: pairs,
  links: texts,
  logging: fields({ driver: text, options: map(either(scalar, nothing)) }),
  mem_limit: amount,
  mem_reservation: amount,
  memswap_limit: amount,
  network_mode: text,
  networks: either(texts, map(either(object, nothing))),
  pid: either(text, nothing),
  pids_limit: amount,
  platform: text,
  ports: list(either(scalar, fields({ target: scalar, published: scalar, host_ip: text }))),
  post_start: hooks,
  pre_start: hooks,
  pre_stop: hooks,
  privileged: aSwitch,
  profiles: texts,
  pull_policy: text,
  read_only: aSwitch,
  restart: text,
  secrets: grants,
  security_opt: texts,
  shm_size: amount,
  stdin_open: aSwitch,
  stop_grace_period: text,
  stop_signal: text,
  sysctls: pairs,
  tmpfs: textOrTexts,
  tty: aSwitch,
  ulimits: map(either(scalar, object)),
  user: text,
  volumes: list(either(text, fields({ type: text, source: text, target: text, bind: object }))),
  volumes_from: texts,
  working_dir: text,
} satisfies { readonly [Key in keyof Service]?: Shape })

/**
 * Holds the keys of a node against what the Compose specification allows there.
 *
 * @param where what has the keys, in words or as the way to it in the file
 * @throws UserError for a value of another shape
 */
export function checkShapes(
  node: object,
  shapes: Shapes,
  where: string,
  origin: Origin | undefined,
): void {
  const key = misshapen(node, shapes)
  if (key === undefined) return
  throw new UserError({
    what: `${where}.${key} is not what the Compose specification allows there`,
    help: `It is ${shapes.get(key)!.said}.`,
    origin,
  })
}

const labelled = { labels: pairs, driver: text, driver_opts: map(scalar) }
const network = {
  ...labelled,
  ipam: fields({ driver: text, config: list(fields({ subnet: text })) }),
} satisfies { readonly [Key in keyof Network]?: Shape }
const file = { ...labelled, file: text } satisfies { readonly [Key in keyof Secret]?: Shape }

/** The shapes of what stands below `services`, `networks`, `volumes`, … by the section. */
export const shapesOf: ReadonlyMap<string, Shapes> = new Map([
  ['services', serviceShapes],
  ['networks', byKey(network)],
  ['volumes', byKey(labelled)],
  ['secrets', byKey(file)],
  ['configs', byKey({ ...file, content: text })],
])
