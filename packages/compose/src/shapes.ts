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
  is: (value) => ['string', 'number', 'boolean'].includes(typeof value),
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

const either = (...shapes: readonly Shape[]): Shape => ({
  is: (value) => shapes.some(({ is }) => is(value)),
  said: shapes.map(({ said }) => said).join(', or '),
})
const list = (item: Shape): Shape => ({
  is: (value) => Array.isArray(value) && value.every(item.is),
  said: `a list, each ${item.said}`,
})
const map = (item: Shape): Shape => ({
  is: (value) => isObject(value) && Object.values(value).every(item.is),
  said: `an object of names, each ${item.said}`,
})
/** An object in which these keys, where they are said, have these shapes. */
const fields = (shapes: Readonly<Record<string, Shape>>): Shape => ({
  is: (value) =>
    isObject(value) &&
    Object.entries(shapes).every(([key, { is }]) => value[key] === undefined || is(value[key])),
  said: `an object (${Object.entries(shapes)
    .map(([key, { said }]) => `${key}: ${said}`)
    .join('; ')})`,
})

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
export const serviceShapes: { readonly [Key in keyof Service]?: Shape } = {
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
}

/**
 * Holds the keys of a node against what the Compose specification allows there.
 *
 * @param where what has the keys, in words or as the way to it in the file
 * @throws UserError for a value of another shape
 */
export function checkShapes(
  node: object,
  shapes: object,
  where: string,
  origin: Origin | undefined,
): void {
  for (const key in shapes) {
    const value = (node as Record<string, unknown>)[key]
    const { is, said } = (shapes as Record<string, Shape>)[key]!
    if (value === undefined || is(value)) continue
    throw new UserError({
      what: `${where}.${key} is not what the Compose specification allows there`,
      help: `It is ${said}.`,
      origin,
    })
  }
}

const labelled = { labels: pairs, driver: text, driver_opts: map(scalar) }
const network: { readonly [Key in keyof Network]?: Shape } = {
  ...labelled,
  ipam: fields({ driver: text, config: list(fields({ subnet: text })) }),
}
const file: { readonly [Key in keyof Secret]?: Shape } = { ...labelled, file: text }

/** The same for what stands below `networks`, `volumes`, … by the section. */
export const resourceShapes: Readonly<Record<string, object>> = {
  networks: network,
  volumes: labelled,
  secrets: file,
  configs: { ...file, content: text },
}
