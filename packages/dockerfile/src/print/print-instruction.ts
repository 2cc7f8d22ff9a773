import { formatValue } from '@erlmcp/core'
import type {
  Argument,
  Command,
  Device,
  Healthcheck,
  Instruction,
  Mount,
  Pair,
  Run,
  Text,
} from '../schema/document.ts'
import { printCopy } from './print-copy.ts'
import {
  csvField,
  delimiterFor,
  type Escape,
  flagValue,
  jsonArray,
  quoted,
  refuse,
  refuseLineBreaks,
  refuseUnwritable,
  unquoted,
} from './quote.ts'

/** One instruction, without its comment: a line, continuation lines, heredocs. */
export function printInstruction(node: Instruction, escapeChar: Escape): string {
  const word = (text: Text) => quoted(text, node.instruction, escapeChar)
  switch (node.instruction) {
    case 'ADD':
    case 'COPY':
      return printCopy(node, escapeChar)
    case 'ARG':
      return `ARG ${atLeastOne(node.args, 'ARG')
        .map((one) => printArgument(one, escapeChar))
        .join(' ')}`
    case 'CMD':
    case 'ENTRYPOINT':
      return `${node.instruction} ${commandLine(node.command, node.instruction)}`
    case 'ENV':
    case 'LABEL': {
      const pairs = atLeastOne(node.pairs, node.instruction)
      const lines = pairs.map((pair) => printPair(pair, node.instruction, escapeChar))
      return `${node.instruction} ${lines.join(` ${escapeChar}\n    `)}`
    }
    case 'EXPOSE':
      return `EXPOSE ${atLeastOne(node.ports, 'EXPOSE')
        .map((port) => printPort(port, escapeChar))
        .join(' ')}`
    case 'HEALTHCHECK':
      return printHealthcheck(node)
    case 'MAINTAINER':
      return `MAINTAINER ${refuseLineBreaks(node.name.trim(), 'MAINTAINER')}`
    case 'ONBUILD':
      return `ONBUILD ${printInstruction(node.trigger, escapeChar)}`
    case 'RUN':
      return printRun(node, escapeChar)
    case 'SHELL':
      return `SHELL ${jsonArray(atLeastOne(node.command, 'SHELL'), 'SHELL')}`
    case 'STOPSIGNAL':
      return `STOPSIGNAL ${word(node.signal)}`
    case 'USER':
      return `USER ${word(node.user)}`
    case 'VOLUME': {
      const paths = atLeastOne(node.paths, 'VOLUME').map((path) =>
        unquoted(path, 'VOLUME', escapeChar),
      )
      return `VOLUME ${jsonArray(paths, 'VOLUME')}`
    }
    case 'WORKDIR':
      return `WORKDIR ${word(node.path)}`
  }
}

function atLeastOne<T>(list: readonly T[], instruction: string): readonly T[] {
  return listed(list, instruction).length > 0
    ? list
    : refuse(`${instruction} is empty`, 'Give it at least one value.')
}

/** JavaScript may give anything. */
function listed<T>(list: readonly T[], instruction: string): readonly T[] {
  if (Array.isArray(list)) return list
  return refuse(
    `${instruction} is given ${formatValue(String(list))}`,
    'Give it text, or a list of words.',
  )
}

function printArgument({ name, default: value }: Argument, escapeChar: Escape): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    refuse(
      `${formatValue(name)} cannot be the name of an ARG`,
      'Use letters, digits and underscores, beginning with a letter or underscore.',
    )
  }
  return value === undefined ? name : `${name}=${quoted(value, `ARG ${name}`, escapeChar)}`
}

function printPair({ name, value }: Pair, instruction: string, escapeChar: Escape): string {
  if (name === '' || name.includes('=') || (instruction === 'ENV' && /[\s"'$\\`]/.test(name))) {
    refuse(
      `${formatValue(name)} cannot be a name of ${instruction}`,
      'Use a name that is not empty and has no `=`.',
    )
  }
  const key = quoted(name, instruction, escapeChar)
  return `${key}=${quoted(value, `${instruction} ${name}`, escapeChar)}`
}

function printPort(port: Text, escapeChar: Escape): string {
  const word = unquoted(port, 'EXPOSE', escapeChar)
  if (word !== '' && !/[\s"'\\`]/.test(word)) return word
  return refuse(`EXPOSE has the port ${formatValue(word)}`, 'Write a port as 8080 or 53/udp.')
}

/** The exec form, or text for the shell on one line. */
function commandLine(command: Command, place: string): string {
  if (typeof command !== 'string') return jsonArray(listed(command, place), place)
  const text = refuseLineBreaks(command.trim(), place)
  const why = misreadings.find(([pattern]) => pattern.test(text))?.[1]
  if (why === undefined) return text
  return refuse(`${place} ${formatValue(text)} ${why}`, 'Use the exec form: a list of words.')
}

const misreadings: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'is empty'],
  [/^--/, 'would be read as a flag'],
  [/^\[[\s\S]*\]$/, 'would be read as a JSON list'],
  [/[\\`]$/, 'would swallow the line after it'],
]

function printRun(run: Run, escapeChar: Escape): string {
  const flags = [
    ...(run.mounts ?? []).map((mount) => `--mount=${printMount(mount, escapeChar)}`),
    ...(run.network === undefined
      ? []
      : [`--network=${flagValue(run.network, 'RUN --network', escapeChar)}`]),
    ...(run.security === undefined
      ? []
      : [`--security=${flagValue(run.security, 'RUN --security', escapeChar)}`]),
    ...(run.devices ?? []).map((device) => `--device=${printDevice(device, escapeChar)}`),
  ]
  // Each flag on a line of its own, the command on the last.
  return `RUN ${[...flags, runCommand(run.command)].join(` ${escapeChar}\n    `)}`
}

function runCommand(command: Command): string {
  if (typeof command !== 'string') return jsonArray(atLeastOne(command, 'RUN'), 'RUN')
  refuseUnwritable(command, 'RUN')
  if (command.trim() === '') refuse('RUN is empty', 'Give it a command.')
  if (fitsOneLine(command)) return command
  const body = command.endsWith('\n') ? command : `${command}\n`
  const name = delimiterFor(body, new Set())
  return `<<${name}\n${body}${name}`
}

// Anything that the builder would read as a flag, a list, a comment, a heredoc or half a line.
function fitsOneLine(text: string): boolean {
  return (
    text === text.trim() &&
    !text.includes('\u0085') &&
    !/[\n\r]|<<|^--|^#|^\[[\s\S]*\]$|[\\`]$/.test(text)
  )
}

function printMount(mount: Mount, escapeChar: Escape): string {
  const place = `RUN --mount=type=${mount.type}`
  const { type, ...options } = mount
  const fields = [`type=${type}`]
  for (const key of mountKeys) {
    const value = (options as Partial<Record<string, Text | boolean>>)[key]
    if (value === undefined || value === false) continue
    fields.push(value === true ? key : `${key}=${unquoted(value, `${place},${key}`, escapeChar)}`)
  }
  return flagValue(fields.map(csvField).join(','), place, escapeChar)
}

// One order for all types: where it comes from, where it goes, how it behaves, who owns it.
const mountKeys = [
  'id',
  'from',
  'source',
  'target',
  'env',
  'sharing',
  'size',
  'required',
  'ro',
  'rw',
  'mode',
  'uid',
  'gid',
]

function printDevice({ name, required }: Device, escapeChar: Escape): string {
  const fields = [`name=${name}`, ...(required ? ['required'] : [])]
  return flagValue(fields.map(csvField).join(','), 'RUN --device', escapeChar)
}

function printHealthcheck(check: Healthcheck): string {
  if (check.command === undefined) return 'HEALTHCHECK NONE'
  const flags = (['interval', 'timeout', 'start-period', 'start-interval'] as const).flatMap(
    (name) => (check[name] === undefined ? [] : [`--${name}=${duration(check[name], name)}`]),
  )
  if (check.retries !== undefined) flags.push(`--retries=${retries(check.retries)}`)
  return `HEALTHCHECK ${[...flags, `CMD ${commandLine(check.command, 'HEALTHCHECK')}`].join(' ')}`
}

function duration(text: string, name: string): string {
  if (/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text) || text === '0') return text
  return refuse(
    `HEALTHCHECK --${name} is ${formatValue(text)}`,
    'Write a duration as 30s or 1m30s.',
  )
}

function retries(count: number): number {
  if (Number.isInteger(count) && count >= 0 && count < 2 ** 31) return count
  return refuse(`HEALTHCHECK --retries is ${count}`, 'Give a whole number that is not negative.')
}
