import { isIP } from 'node:net'
import {
  isImageReference,
  parseBytes,
  parseDuration,
  parsePortMapping,
  parsePortRange,
  schema,
} from '@erlmcp/core'
import { isClosedInSwarm, readCommand } from './command-line.ts'
import type { ComposeFormat } from './facts.ts'

const matching: (...grammar: Parameters<typeof schema.matching>) => ComposeFormat = schema.matching

/** A whole number of which more is asked, also as text (Go's strconv.ParseInt). */
export const wholeWhere = (
  isFine: (value: number) => boolean,
  expected: string,
  hint: string,
): ComposeFormat => ({
  accepts: (text) => /^[+-]?\d+$/.test(text) && isFine(Number(text)),
  expected,
  hint,
  toPlain: Number,
})

const whole = (least: number, most: number, expected: string, hint: string) =>
  wholeWhere((value) => value >= least && value <= most, expected, hint)

const acceptsDuration = (text: string, inSwarm = false) =>
  parseDuration(text) !== undefined && !(inSwarm && /[dw]/.test(text))

export const duration: ComposeFormat = {
  accepts: acceptsDuration,
  expected: 'a duration',
  hint: 'Write a number with its unit: 30s, 1m30s, 500ms.',
}

/** The engine waits for ever where this is negative. */
export const grace: ComposeFormat = {
  ...duration,
  accepts: (text, inSwarm) => acceptsDuration(text.replace(/^-/, ''), inSwarm),
}

export const size: ComposeFormat = {
  accepts: (text) => parseBytes(text) !== undefined,
  expected: 'a number of bytes',
  hint: 'Write a whole number of bytes, or one with a unit: 512M, 1G.',
}

/** A number where -1 means unlimited. */
export const swap: ComposeFormat = {
  accepts: (text) => text === '-1' || parseBytes(text) !== undefined,
  expected: 'a number of bytes, or -1',
  hint: 'Write a number with a unit, as 1G, or -1 for no limit.',
}

/** Of a text: Compose 2 reads no limit as a number only. */
export const swapText: ComposeFormat = { ...swap, accepts: size.accepts }

export const number = matching(
  /^\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i,
  'a number',
  'Write a number that is not negative, as 0.5.',
)

export const ratio: ComposeFormat = {
  toPlain: Number,
  accepts: (text, inSwarm) => number.accepts(text, inSwarm) && Number(text) <= 1,
  expected: 'a number from 0 to 1',
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
export const octal: ComposeFormat = {
  accepts: (text) => /^[+-]?[0-7]+$/.test(text),
  expected: 'permission bits in octal',
  hint: "Write mode: 0o400, or in text '0400'.",
  toPlain: (text) => Number.parseInt(text, 8),
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

/** Text that Compose reads as `true` or `false` (yaml.org/type/bool). */
export const switchWord: ComposeFormat = {
  accepts: (text) => /^(?:true|false|y|yes|on|n|no|off)$/i.test(text),
  expected: 'true or false',
  hint: 'Write true or false.',
  toPlain: (text) => /^(?:true|y|yes|on)$/i.test(text),
}

export const address: ComposeFormat = {
  accepts: (text) => isIP(text.replace(/^\[(.*)\]$/, '$1')) !== 0 && !text.startsWith('['),
  expected: 'an IP address',
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

/** An image reference, which Compose validates only when it pulls or runs the image. */
export const image: ComposeFormat = {
  accepts: (text, inSwarm) => text !== '' && (!inSwarm || isImageReference(text)),
  expected: 'the name of an image',
  hint: 'Write a name in lower case, and a tag or digest: ghcr.io/acme/app:1.4.2.',
}

/** An item of a list of variables: its name must not be empty or end in a blank. */
export const variable = matching(
  /^[^=]*[^=\s](?:=.*)?$/s,
  'a variable with a name, and without a blank before its `=`',
  "Write environment: { NAME: 'value' }.",
)

/** The variable that a secret or config is read from; an empty name means unset. */
export const variableName: ComposeFormat = {
  accepts: (text) => /^(?:[A-Za-z_][\w.-]*)?$/.test(text),
  expected: 'the name of a variable of the environment',
  hint: "Write its name alone: environment: 'TOKEN'.",
  advise: (text) => {
    const name = /^\$\{?([A-Za-z_]\w*)(?::?[-?+][^}]*)?\}?$/.exec(text)?.[1]
    return name && `Write its name alone: environment: '${name}'.`
  },
}

/** A published port in the short form. */
export const portText: ComposeFormat = {
  accepts: (text) => parsePortMapping(text) !== undefined,
  expected: 'a port',
  hint: "Write '8080:80', '127.0.0.1:8080:80', '8080:80/udp' or publish(8080, 80).",
}

/** One or more ports of the host; 0 lets the engine choose. */
export const hostPorts: ComposeFormat = {
  accepts: (text) => text === '' || parsePortRange(text) !== undefined,
  expected: 'a port from 0 to 65535, or a range of them',
  hint: "Write published: 8080, or published: '8080-8090'.",
}

/** A network and the length of its prefix. */
export const subnet: ComposeFormat = {
  accepts: (text) => {
    const [ip = '', length = '', ...more] = text.split('/')
    const bits = isIP(ip) === 4 ? 32 : isIP(ip) === 6 ? 128 : -1
    return more.length === 0 && /^\d+$/.test(length) && Number(length) <= bits
  },
  expected: 'a subnet',
  hint: "Write subnet: '10.10.0.0/24'.",
}

/** Key, operator and value of a constraint, as SwarmKit parses them. */
export const constraint: ComposeFormat = {
  accepts: (text, inSwarm) => {
    if (!inSwarm) return true
    const operator = text.includes('==') ? '==' : '!='
    const at = text.indexOf(operator)
    if (at < 0) return false
    const key = text.slice(0, at).trim()
    const value = text.slice(at + 2).trim()
    return /^[a-z_][a-z0-9\-_.]+$/i.test(key) && /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i.test(value)
  },
  expected: 'a key, `==` or `!=`, and a value',
  hint: "Write constraints: ['node.role == worker'].",
}

/** A command in one text. */
export const command: ComposeFormat = {
  accepts: (text, inSwarm) => (inSwarm ? isClosedInSwarm(text) : readCommand(text).closed),
  expected: 'a command line with its quotes and brackets closed',
  hint: "Write its words in a list: ['program', '--option'].",
}

/** One of some words. */
export const word = (...words: readonly string[]): ComposeFormat => ({
  accepts: (text) => text === '' || words.includes(text),
  expected: words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
  hint: `Write ${words.map((one) => `'${one}'`).join(' or ')}.`,
})

/** One of some words for a swarm; Compose accepts any text. */
export const swarmWord = (...words: readonly string[]): ComposeFormat => {
  const format = word(...words)
  return { ...format, accepts: (text, inSwarm) => !inSwarm || format.accepts(text) }
}

/** Compose accepts the words of `restart`, too. */
const restartCondition = word('none', 'on-failure', 'any')
export const restartPolicyCondition: ComposeFormat = {
  ...restartCondition,
  accepts: (text, inSwarm) =>
    restartCondition.accepts(text) || (!inSwarm && /^(?:no|always|unless-stopped)$/.test(text)),
}
