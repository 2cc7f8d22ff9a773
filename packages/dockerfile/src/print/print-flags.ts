import { formatValue } from '@erlmcp/core'
import type { Mount } from '../schema/document.gen.ts'
import type { Field, Fields } from '../schema/field.ts'
import { mounts } from '../schema/mounts.ts'
import type { Device, Text } from '../schema/text.ts'
import { csvField, type Escape, flagValue, refuse, unquoted } from './quote.ts'

/** The flags that a node sets, in the order of the table. */
export function printFlags(
  instruction: string,
  node: object,
  flags: Fields,
  escapeChar: Escape,
): string[] {
  return Object.entries(flags).flatMap(([key, field]) => {
    const value = (node as Readonly<Record<string, unknown>>)[key]
    if (value === undefined) return []
    const flag = `--${field.flag ?? key}`
    if (field.type === 'boolean') return [value ? flag : `${flag}=false`]
    const place = `${instruction} ${flag}`
    return flagValues(field, value, place, escapeChar).map((text) => `${flag}=${text}`)
  })
}

/** What follows the `=` of a flag, once for each time that it is given. */
function flagValues(
  { type }: Field,
  value: unknown,
  place: string,
  escapeChar: Escape,
): readonly (string | number)[] {
  switch (type) {
    case 'mounts':
      return (value as readonly Mount[]).map((mount) => printMount(mount, escapeChar))
    case 'devices':
      return (value as readonly Device[]).map((device) => printDevice(device, place, escapeChar))
    case 'patterns':
      return (value as readonly string[]).map((one) => flagValue(one, place, escapeChar))
    case 'duration':
      return [duration(value as string, place)]
    case 'count':
      return [count(value as number, place)]
    case 'source':
    case 'enum':
      return [flagValue(value as string, place, escapeChar)]
    default:
      return [flagValue(unquoted(value as Text, place, escapeChar), place, escapeChar)]
  }
}

function printMount(mount: Mount, escapeChar: Escape): string {
  const place = `RUN --mount=type=${mount.type}`
  const options: Fields = mounts[mount.type].options
  const fields = Object.keys(options).flatMap((key) => {
    const value = (mount as unknown as Partial<Record<string, Text | boolean>>)[key]
    if (value === undefined || value === false) return []
    return [value === true ? key : `${key}=${unquoted(value, `${place},${key}`, escapeChar)}`]
  })
  const text = [`type=${mount.type}`, ...fields].map(csvField).join(',')
  return flagValue(text, place, escapeChar)
}

function printDevice({ name, required }: Device, place: string, escapeChar: Escape): string {
  const fields = [`name=${name}`, ...(required ? ['required'] : [])]
  return flagValue(fields.map(csvField).join(','), place, escapeChar)
}

function duration(text: string, place: string): string {
  if (/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text) || text === '0') return text
  return refuse(
    `${place}: expected a duration, got ${formatValue(text)}`,
    'Write it as `30s` or `1m30s`.',
  )
}

function count(value: number, place: string): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value
  return refuse(
    `${place}: expected a whole number from 0 to 2147483647, got ${formatValue(value)}`,
    'Set it to a number such as `3`.',
  )
}
