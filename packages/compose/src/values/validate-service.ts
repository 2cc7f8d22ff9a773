import { isIP } from 'node:net'
import { isBranded, ORIGIN, type Origin, formatValue as showValue, UserError } from '@erlmcp/core'
import { isKnown, resolve } from '../model/resolve.ts'
import { service as serviceSchema } from '../schema/service.ts'
import { validateKeys } from '../schema/validate.ts'
import { ELSEWHERE } from './elsewhere.ts'
import { interpolationText, isInterpolation } from './interpolation.ts'
import { parsePort } from './parse-port.ts'
import { variableHint } from './typescript-of.ts'
import { validateMountText } from './validate-mount.ts'

/**
 * Validates the spec of a service: a `stack.ts` runs without being type-checked.
 *
 * @throws UserError for a value that the compiler would reject
 */
export function validateService(name: string, spec: object, origin: Origin): void {
  if (typeof (spec as { then?: unknown } | null)?.then === 'function') {
    throw new UserError({
      message: `service ${name}: expected an object, got a promise`,
      hint: 'Await it: service(name, await spec).',
      origin,
    })
  }
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) {
    throw new UserError({
      message: `service ${name}: expected an object, got ${formatValue(spec)}`,
      hint: "Write at least its image: service('app', { image: 'app:1.0' }).",
      origin,
    })
  }
  validateKeys(`service ${name}`, spec, serviceSchema, origin)
  for (const key in spec) {
    const validate = validators.get(key)
    const value = validate && (spec as Record<string, unknown>)[key]
    if (value !== undefined) validate?.(value, { name, key, origin })
  }
}

/** The key that is validated. */
interface Place {
  /** Name of the service. */
  readonly name: string
  readonly key: string
  readonly origin: Origin
}

interface ListOf {
  readonly accepts: (item: never, place: Place) => boolean
  readonly example: string
}

/** Whether an item is a value of one of the kinds, or its attachment. */
const anyOf = (...kinds: readonly string[]) => {
  return (item: unknown): boolean => {
    const kind = kindOf(item)
    return kinds.includes(
      kind === 'attachment' ? kindOf((item as { value?: unknown }).value) : kind,
    )
  }
}
/** The kind of a value that was created by its function; an object literal was not validated. */
const kindOf = (item: unknown) => (isBranded(item) ? (item as { kind: string }).kind : '')
const isText = (item: unknown) => typeof item === 'string' || isInterpolation(item)
/** Whether an item is a service, or refers to one with options. */
const isService = (item: unknown) =>
  kindOf(item) === 'service' ||
  kindOf((item as { service?: unknown } | null)?.service) === 'service'

const refersToServices: ReadonlySet<string> = new Set(['depends_on', 'links'])
const elsewhere = " A service of an included file is serviceNamed('db')."

const texts = (example: string): ListOf => ({ accepts: isText, example })

const lists: Readonly<Record<string, ListOf>> = {
  cap_add: texts("'NET_BIND_SERVICE'"),
  cap_drop: texts("'ALL'"),
  configs: { accepts: anyOf('config'), example: "config('motd', { content: 'Hello' })" },
  depends_on: { accepts: anyOf('service', 'dependency'), example: 'healthy(db)' },
  links: { accepts: isService, example: 'db' },
  models: { accepts: anyOf('model'), example: "model('llm', { model: 'ai/smollm2' })" },
  networks: { accepts: anyOf('network'), example: "network('backend')" },
  ports: { accepts: isPort, example: 'publish(8080, 80)' },
  profiles: texts("'dev'"),
  secrets: { accepts: anyOf('secret'), example: "secret('password')" },
  security_opt: texts("'no-new-privileges=true'"),
  volumes: { accepts: isMount, example: "mount(volume('data'), '/var/lib/app')" },
  volumes_from: { accepts: (item) => isService(item) || isText(item), example: 'db' },
}

const validators: ReadonlyMap<string, (value: unknown, place: Place) => void> = new Map([
  ...Object.entries(lists).map(
    ([key, list]) =>
      [key, (value: unknown, place: Place) => validateList(value, list, place)] as const,
  ),
  ['build', validateBuild],
  ['container_name', validateContainerName],
  ['credential_spec', validateCredentials],
  ['extends', validateExtends],
  ...(['network_mode', 'pid', 'ipc'] as const).map((key) => [key, validateNamespace] as const),
  ['environment', validatePairs],
  ['labels', validatePairs],
  ['command', validateWords],
  ['entrypoint', validateWords],
])

function validateList(value: unknown, { accepts, example }: ListOf, place: Place): void {
  const { name, key, origin } = place
  const hint = `Write ${key}: [${example}].${refersToServices.has(key) ? elsewhere : ''}`
  if (!Array.isArray(value)) {
    throw new UserError({
      message: `${key} of service ${name}: expected a list, got ${formatValue(value)}`,
      hint,
      origin,
    })
  }
  for (const item of value) {
    if (accepts(item as never, place)) continue
    throw new UserError({
      message: `${key} of service ${name} has ${formatValue(item)}`,
      hint,
      origin,
    })
  }
}

function isMount(item: unknown, { name, origin }: Place): boolean {
  if (typeof item === 'string') validateMountText(item, name, origin)
  // Without a kind it is in the long form.
  const isPlain = typeof item === 'object' && item !== null && !('kind' in item)
  return isText(item) || isPlain || kindOf(item) === 'mount'
}

/** A port in either form; the text of a short one is parsed when the file is rendered. */
function isPort(item: unknown, place: Place): boolean {
  if (isInterpolation(item)) {
    const text = resolve(interpolationText(item))
    return !isKnown(text) || parsePort(text, undefined).length > 0
  }
  if (typeof item === 'number' || isText(item)) return true
  if (typeof item !== 'object' || item === null) return false
  const { target, published, host_ip: host } = item as Readonly<Record<string, unknown>>
  if (typeof target === 'string' && target.includes('-')) return false
  const isLoopback = host === '127.0.0.1'
  const isAddress =
    isLoopback || isInterpolation(host) || (typeof host === 'string' && isIP(host) !== 0)
  if (host !== undefined && !isAddress) return false
  if (target === undefined) return false
  if (!isPortNumber(target, 1)) throwPortError(target, 1, place)
  const isLeftOut = published === undefined && !('published' in item && ORIGIN in item)
  if (!isLeftOut && !isPortNumber(published, 0)) throwPortError(published, 0, place)
  return true
}

function throwPortError(value: unknown, least: number, { name, origin }: Place): never {
  const text = isInterpolation(value) ? resolve(interpolationText(value)) : value
  const shown = isInterpolation(value)
    ? `${JSON.stringify(text)} by the default of its variable`
    : showValue(value)
  throw new UserError({
    message: `ports of service ${name} has ${shown}, which is not a port from ${least} to 65535`,
    hint: 'Write ports: [publish(8080, 80)].',
    origin,
  })
}

function isPortNumber(value: unknown, least: number): boolean {
  if (Number.isInteger(value)) return Number(value) >= least && Number(value) <= 65_535
  if (isInterpolation(value)) {
    // The default of the variable, where it has one.
    const text = resolve(interpolationText(value))
    return text === '' || !isKnown(text) || isPortNumber(text, least)
  }
  if (typeof value !== 'string') return false
  // Nearly every port that is text is one number.
  if (/^\d{1,5}$/.test(value)) return isPortNumber(Number(value), least)
  const [first, last = first, ...more] = value.split('-')
  const numbers = [first, last].map((text) => (/^\d{1,5}$/.test(text ?? '') ? Number(text) : -1))
  const [from = -1, to = -1] = numbers
  return more.length === 0 && from >= least && from <= to && to <= 65_535
}

/** Validates variables and labels: a mapping of scalars, or a list of `NAME=value`. */
function validatePairs(value: unknown, place: Place): void {
  const { name, key, origin } = place
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message: `${key} of service ${name} ${message}`, hint, origin })
  }
  if (typeof value !== 'object' || value === null) {
    refuse(`is ${formatValue(value)}`, `Write ${key}: { NAME: 'value' }.`)
  }
  if (Array.isArray(value)) {
    validateWords(value, place)
    return
  }
  for (const pair of Object.keys(value as object)) {
    if (pair === '' || pair === '__proto__' || pair.includes('=') || pair.includes('\0')) {
      refuse(`has the name ${JSON.stringify(pair)}`, 'Use a name without `=`.')
    }
    const one = (value as Record<string, unknown>)[pair]
    if (['bigint', 'function', 'symbol'].includes(typeof one) || Number.isNaN(one)) {
      refuse(
        `has a ${Number.isNaN(one) ? 'NaN' : typeof one} as ${pair}`,
        'Write a string, a number or a boolean.',
      )
    }
    if (typeof one === 'object' && one !== null && !isInterpolation(one)) {
      refuse(`has ${formatValue(one)} as ${pair}`, 'Write a string, a number or a boolean.')
    }
    if (typeof one === 'string' && one.includes('\0')) {
      refuse(`has a NUL byte in ${pair}`, 'Remove it: a program cannot receive one.')
    }
  }
}

function validateBuild(value: unknown, { name, origin }: Place): void {
  if (typeof value === 'string' || (typeof value === 'object' && value !== null)) return
  throw new UserError({
    message: `build of service ${name} is ${formatValue(value)}`,
    hint: "Write build: image.runtime, or build: { context: '.' }.",
    origin,
  })
}

function validateCredentials(value: unknown, { name, origin }: Place): void {
  const config = (value as { config?: unknown } | null)?.config
  if (value !== null && (config === undefined || kindOf(config) === 'config')) return
  throw new UserError({
    message: `credential_spec of service ${name} is ${formatValue(config ?? value)}`,
    hint: "Write credential_spec: { config: config('credentials', { file: './spec.json' }) }.",
    origin,
  })
}

function validateExtends(value: unknown, { name, origin }: Place): void {
  const file = (value as { file?: unknown } | null)?.file
  const isElsewhere = typeof value === 'object' && value !== null && ELSEWHERE in value
  if ((kindOf(value) === 'service' && !isElsewhere) || isText(file)) return
  throw new UserError({
    message: `service ${name} extends ${formatValue(value)}`,
    hint: "Write extends: base, or extends: { file: 'base.yml', service: 'base' }.",
    origin,
  })
}

/** Validates a mode of the engine, or a service whose namespace is shared. */
function validateNamespace(value: unknown, { name, key, origin }: Place): void {
  if (isText(value) || kindOf(value) === 'service') return
  throw new UserError({
    message: `${key} of service ${name} is ${formatValue(value)}`,
    hint: `Write ${key}: 'host', or ${key}: app with the service itself.`,
    origin,
  })
}

function validateContainerName(value: unknown, { name, origin }: Place): void {
  const isName = typeof value === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(value)
  if (isInterpolation(value) || isName) return
  throw new UserError({
    message: `container_name of service ${name} is ${formatValue(value)}, which is not a valid container name`,
    hint:
      variableHint(value, true) ??
      'Use two or more letters, digits, dots, dashes and underscores, beginning with a letter or digit.',
    origin,
  })
}

function validateWords(value: unknown, { name, key, origin }: Place): void {
  for (const word of Array.isArray(value) ? value : [value]) {
    if (word === null || isInterpolation(word)) continue
    if (typeof word === 'string' && !word.includes('\0')) continue
    throw new UserError({
      message: `${key} of service ${name}: expected strings without NUL bytes, got ${formatValue(word)}`,
      hint: 'Write a string, or a list of strings.',
      origin,
    })
  }
}

/** A value for a message; a plain object by its keys. */
function formatValue(value: unknown): string {
  if (typeof value !== 'object' || value === null || 'kind' in value) return showValue(value)
  if (Array.isArray(value)) return 'a list'
  const text = `an object with ${Object.keys(value).join(', ') || 'no keys'}`
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
