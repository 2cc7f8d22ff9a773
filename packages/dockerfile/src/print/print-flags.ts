import { validate } from '@erlmcp/core'
import type { Mount } from '../schema/document.gen.ts'
import { type Field, type Fields, type FieldType, fieldTypes } from '../schema/field.ts'
import { mounts } from '../schema/mounts.ts'
import type { Device, Text } from '../schema/text.ts'
import { csvField, type Escape, flagValue, reject, unquoted } from './quote.ts'

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
): readonly string[] {
  switch (type) {
    case 'mounts':
      return (value as readonly Mount[]).map((mount) => printMount(mount, escapeChar))
    case 'devices':
      return (value as readonly Device[]).map((device) => printDevice(device, place, escapeChar))
    case 'patterns':
      return (value as readonly string[]).map((one) => flagValue(one, place, escapeChar))
    case 'duration':
    case 'count':
      return [validated(type, value, place)]
    case 'source':
    case 'enum':
      return [flagValue(value as string, place, escapeChar)]
    default:
      return [flagValue(unquoted(value as Text, place, escapeChar), place, escapeChar)]
  }
}

function printMount(mount: Mount, escapeChar: Escape): string {
  const place = `RUN --mount=type=${mount.type}`
  if (!Object.hasOwn(mounts, mount.type)) {
    reject(`${place}: unknown type`, `Use one of ${Object.keys(mounts).join(', ')}.`)
  }
  const options: Fields = mounts[mount.type].options
  const fields = Object.keys(options).flatMap((key) => {
    // The table has the keys of the mount's type.
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

/** Documents that were not created by our functions are validated here. */
function validated(type: FieldType, value: unknown, place: string): string {
  const [fault] = validate(fieldTypes[type].schema, value)
  return fault ? reject(`${place}: ${fault.message}`, fault.hint) : String(value)
}
