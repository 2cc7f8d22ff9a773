import { isIP } from 'node:net'
import { protocols } from './port.ts'

/** What a text or number must look like, where its type alone does not say it. */
export interface Form {
  /** Whether the tool that reads the file can read it; a swarm reads fewer durations. */
  readonly reads: (text: string, inSwarm: boolean) => boolean
  /** What is expected, after "expected". */
  readonly said: string
  /** How to write it. */
  readonly hint: string
  /** The same for a text of which more is known. */
  readonly advise?: (text: string) => string | undefined
  /** What its text becomes for the docker CLI, which reads no numbers or switches in text. */
  readonly plain?: (text: string) => number | boolean
}

/** A text that matches. */
export const matching = (pattern: RegExp, said: string, hint: string): Form => ({
  reads: (text) => pattern.test(text),
  said,
  hint,
})

/** A whole number of which more is asked, also as text (Go's strconv.ParseInt). */
export const wholeWhere = (
  isFine: (value: number) => boolean,
  said: string,
  hint: string,
): Form => ({
  reads: (text) => /^[+-]?\d+$/.test(text) && isFine(Number(text)),
  said,
  hint,
  plain: Number,
})

const whole = (least: number, most: number, said: string, hint: string) =>
  wholeWhere((value) => value >= least && value <= most, said, hint)

const hour = 3_600_000
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: hour,
  d: 24 * hour,
  w: 168 * hour,
}

/** Milliseconds of a text that is read as a duration. */
export function lengthOf(text: string): number {
  const parts = [...text.matchAll(/([\d.]+)(ns|us|µs|ms|[smhdw])/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0)
}

// Go's time.ParseDuration, which Compose lets have days and weeks.
const durationPattern = /^\+?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h|d|w))+)$/
const readsDuration = (text: string, inSwarm: boolean) =>
  durationPattern.test(text) &&
  !(inSwarm && /[dw]/.test(text)) &&
  // Nanoseconds in 63 bits; five characters are at most 9999 weeks.
  (text.length <= 5 || lengthOf(text) < 2_562_047 * hour)

export const duration: Form = {
  reads: readsDuration,
  said: 'a duration',
  hint: 'Write a number with its unit: 30s, 1m30s, 500ms.',
}

/** The engine waits for ever where this is negative. */
export const grace: Form = {
  ...duration,
  reads: (text, inSwarm) => readsDuration(text.replace(/^-/, ''), inSwarm),
}

// go-units' RAMInBytes.
const sizePattern = /^(?:\d+\.?\d*|\.\d+)(?:e\+?\d+)? ?(?:[kmgtp]i?b?|b)?$/i

function bytesOf(text: string): number {
  const [, count, letter = 'b'] = /^([\d.e+]+?) ?([bkmgtp])?i?b?$/i.exec(text) ?? []
  return Number(count) * 1024 ** 'bkmgtp'.indexOf(letter.toLowerCase())
}

export const size: Form = {
  // The engine counts bytes in 63 bits, of which 999p has 60.
  reads: (text) => sizePattern.test(text) && (text.length <= 4 || bytesOf(text) < 2 ** 63),
  said: 'a number of bytes',
  hint: 'Write a whole number of bytes, or one with a unit: 512M, 1G.',
}

export const swap: Form = {
  reads: (text, inSwarm) => text === '-1' || size.reads(text, inSwarm),
  said: 'a number of bytes, or -1',
  hint: 'Write a number with a unit, as 1G, or -1 for no limit.',
}

export const number = matching(
  /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i,
  'a number',
  'Write a number that is not negative, as 0.5.',
)

export const ratio: Form = {
  plain: Number,
  reads: (text, inSwarm) => number.reads(text, inSwarm) && Number(text) <= 1,
  said: 'a number from 0 to 1',
  hint: 'Write a share, as 0.25.',
}

const most = Number.MAX_SAFE_INTEGER
export const count = whole(0, most, 'a whole number', 'Write a whole number, as 3.')
export const integer = whole(-most, most, 'a whole number', 'Write a whole number, as 3 or -1.')
export const percent = whole(0, 100, 'a whole number from 0 to 100', 'Write a percentage, as 50.')
export const oomScore = whole(
  -1000,
  1000,
  'a whole number from -1000 to 1000',
  'Write 1000 for a container that is killed first, -1000 for one that never is.',
)
export const processes = whole(
  -1,
  most,
  'a whole number, or -1',
  'Write a whole number, or -1 for no limit.',
)
export const portNumber = whole(1, 65_535, 'a port', 'Write a whole number from 1 to 65535.')

/** Of devices: all of them, or so many. */
export const deviceCount = matching(
  /^(?:all|[+-]?\d+)$/i,
  'a whole number, or `all`',
  "Write count: 1, or count: 'all'.",
)

/** Permission bits as text are octal. */
export const octal: Form = {
  reads: (text) => /^[+-]?[0-7]+$/.test(text),
  said: 'permission bits in octal',
  hint: "Write mode: 0o400, or in text '0400'.",
  plain: (text) => Number.parseInt(text, 8),
}

export const restart = matching(
  /^(?:no|always|unless-stopped|on-failure(?::\d+)?)?$/,
  'a restart policy',
  'Write no, always, unless-stopped, on-failure or on-failure:5.',
)

export const pullPolicy = matching(
  /always|never|build|if_not_present|missing|refresh|daily|weekly|every_(?:[0-9]+[wdhms])+/,
  'a pull policy',
  'Write always, never, missing, build, daily, weekly or every_12h.',
)

// The schema's own pattern is not anchored; the engine's is.
export const containerName = matching(
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/,
  'a name of two or more letters, digits, dots, dashes and underscores',
  'Begin it with a letter or digit.',
)

/** What Compose takes for `true` or `false` (yaml.org/type/bool). */
export const switchWord: Form = {
  reads: (text) => /^(?:true|false|y|yes|on|n|no|off)$/i.test(text),
  said: 'true or false',
  hint: 'Write true or false.',
  plain: (text) => /^(?:true|y|yes|on)$/i.test(text),
}

export const address: Form = {
  reads: (text) => isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0 && !text.startsWith('['),
  said: 'an IP address',
  hint: "Write host_ip: '127.0.0.1', or '::1' without brackets.",
}

export const pair = matching(/=/, 'NAME=value', "Write it as an object: { name: 'value' }.")

export const sshKey = matching(
  /^default$|=/,
  '`default`, or an id and its path',
  "Write ssh: ['default'], or ['deploy=./key'].",
)

export const deviceText = matching(
  /^[^:]*(?::[^:]*){0,2}$/,
  'a device of the host, its place in the container and its permissions',
  "Write '/dev/ttyUSB0:/dev/ttyUSB0:rw', or { source, target, permissions }.",
)

/** Text that is not empty. */
export const filled = matching(/./s, 'a text that is not empty', 'Write it, or remove the key.')

// distribution/reference, without a bound of its length.
const referencePattern =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][\w.+-]*:[0-9a-fA-F]{32,})?$/

/** An image; Compose looks at it only when it pulls or runs it. */
export const image: Form = {
  reads: (text, inSwarm) => text !== '' && (!inSwarm || referencePattern.test(text)),
  said: 'the name of an image',
  hint: 'Write a name in lower case, and a tag or digest: ghcr.io/acme/app:1.4.2.',
}

/** A variable whose name ends in a blank is refused in a list; without one there is nothing to set. */
export const variable = matching(
  /^[^=]*[^=\s](?:=.*)?$/s,
  'a variable with a name, and without a blank before its `=`',
  "Write environment: { NAME: 'value' }.",
)

/** What a secret or config is read from; an empty name is none. */
export const variableName: Form = {
  reads: (text) => /^(?:[A-Za-z_][\w.-]*)?$/.test(text),
  said: 'the name of a variable of the environment',
  hint: "Write its name alone: environment: 'TOKEN'.",
  advise: (text) => {
    const name = /^\$\{?([A-Za-z_]\w*)(?::?[-?+][^}]*)?\}?$/.exec(text)?.[1]
    return name && `Write its name alone: environment: '${name}'.`
  },
}

/** The first and last port of `8080` or `8080-8090`; undefined for what is neither. */
function ports(text: string): readonly [from: number, to: number] | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!match) return undefined
  const from = Number(match[1])
  const to = Number(match[2] ?? from)
  return from <= to && to <= 65_535 ? [from, to] : undefined
}

/** `[[address:][published]:]target[/protocol]`, as docker/go-connections reads it. */
function readsPort(text: string): boolean {
  const parts = text.split(':')
  const [end = '', published = ''] = [parts.pop(), parts.pop()]
  const host = parts.join(':').replace(/^\[(.*)\]$/, '$1')
  const [targetText = '', protocol = ''] = end.split(/\/(.*)/)
  const target = ports(targetText)
  if (!target || target[0] === 0) return false
  if (protocol !== '' && !protocols.has(protocol.toLowerCase())) return false
  if (host !== '' && isIP(host) === 0) return false
  if (published === '') return true
  const onHost = ports(published)
  if (!onHost) return false
  // One port of the container takes any of a range of the host.
  const length = target[1] - target[0]
  return length === 0 || onHost[1] - onHost[0] === length
}

/** A published port in the short form. */
export const portText: Form = {
  reads: readsPort,
  said: 'a port',
  hint: "Write '8080:80', '127.0.0.1:8080:80', '8080:80/udp' or publish(8080, 80).",
}

/** One or more ports of the host; 0 lets the engine choose. */
export const hostPorts: Form = {
  reads: (text) => text === '' || ports(text) !== undefined,
  said: 'a port from 0 to 65535, or a range of them',
  hint: "Write published: 8080, or published: '8080-8090'.",
}

/** A network and the length of its prefix. */
export const subnet: Form = {
  reads: (text) => {
    const [ip = '', length = '', ...more] = text.split('/')
    const bits = isIP(ip) === 4 ? 32 : isIP(ip) === 6 ? 128 : -1
    return more.length === 0 && /^\d+$/.test(length) && Number(length) <= bits
  },
  said: 'a subnet',
  hint: "Write subnet: '10.10.0.0/24'.",
}

/** What SwarmKit takes as the key, operator and value of a constraint. */
export const constraint: Form = {
  reads: (text, inSwarm) => {
    if (!inSwarm) return true
    const operator = text.includes('==') ? '==' : '!='
    const at = text.indexOf(operator)
    if (at < 0) return false
    const key = text.slice(0, at).trim()
    const value = text.slice(at + 2).trim()
    return /^[a-z_][a-z0-9\-_.]+$/i.test(key) && /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i.test(value)
  },
  said: 'a key, `==` or `!=`, and a value',
  hint: "Write constraints: ['node.role == worker'].",
}
