import { parseBytes, parseDuration, type Schema, schema, type TextFormat } from '@erlmcp/core'

const { anyList, boolean, formatted, integer, list, matching, object, oneOf, string, union } =
  schema

const dynamic = union(
  object({ variable: string }, { required: ['variable'], additional: 'all' }),
  object({ parts: anyList }, { required: ['parts'], additional: 'all' }),
)
const text: Schema = {
  ...union(string, dynamic),
  expected: 'text',
  hint: 'Write it in quotes, or as ref(…) or template`…`.',
}
const textOf = (format: TextFormat): Schema => ({
  ...union(string, dynamic),
  format,
})
const numberOf = (format: TextFormat): Schema => formatted(union(integer, string, dynamic), format)
const strings = list(string)

const mode = matching(
  /^(?:[0-7]{1,4}|[ugoa]*[=+-]\S*)$/,
  'permission bits',
  'Write them as `0555` or `u=rwX,go=rX`.',
)
const octal = matching(/^[0-7]{1,4}$/, 'permission bits in base 8', 'Write them as `0755`.')
const id = matching(/^\d+$/, 'a numeric id', 'Write it as a number, such as 1000.')
const count = matching(/^\d{1,9}$/, 'a whole number from 0 to 999999999', 'Write it as 3.')
const size = {
  expected: 'a size',
  hint: 'Write it in bytes, or with a unit such as `64m`.',
  accepts: (value: string) => parseBytes(value) !== undefined,
}

/** A duration of Go: that of Compose without days and weeks. */
const duration = {
  expected: 'a duration',
  hint: 'Write it as `30s` or `1m30s`.',
  accepts: (value: string) => parseDuration(value) !== undefined && !/[dw]/.test(value),
}

/**
 * The types of fields: the TypeScript type that each has in a document, the stricter one of the
 * options from which our functions create it, and the schema that validates those at run time.
 */
export const fieldTypes = {
  /** Text in which the builder replaces variables. */
  text: { document: 'Text', options: 'Text', schema: text },
  /** Permission bits. */
  mode: { document: 'Text', options: 'FileMode | Dynamic', schema: textOf(mode) },
  /** Permission bits as a number in base 8. */
  octal: { document: 'Text', options: 'OctalMode | Dynamic', schema: textOf(octal) },
  /** A numeric user or group id. */
  id: {
    document: 'Text',
    options: 'number | Dynamic',
    schema: numberOf(id),
  },
  /** Bytes, or a number with a unit. */
  size: { document: 'Text', options: 'Size', schema: numberOf(size) },
  platform: { document: 'Text', options: 'Platform | Dynamic', schema: text },
  /** The name of a stage, an image or a build context. Variables are not replaced. */
  source: {
    document: 'string',
    options: 'From<S>',
    schema: {
      ...union(
        string,
        object({ context: string }, { required: ['context'] }),
        object(
          { name: string, instructions: anyList },
          { required: ['name', 'instructions'], additional: 'all' },
        ),
      ),
      expected: 'a stage, an image or a build context',
      hint: "Give a stage value, an image with a tag, or context('name').",
    },
  },
  boolean: { document: 'boolean', options: 'boolean', schema: boolean },
  duration: { document: 'string', options: 'Duration', schema: formatted(string, duration) },
  count: { document: 'number', options: 'number', schema: formatted(integer, count) },
  /** One of `values`. */
  enum: { document: '', options: '', schema: string },
  /** A flag that is repeated, without variables. */
  patterns: { document: 'readonly string[]', options: 'readonly string[]', schema: strings },
  mounts: {
    document: 'readonly Mount[]',
    options: 'readonly MountValue[]',
    schema: list({
      ...object({ type: string }, { required: ['type'], additional: 'all' }),
      expected: 'a mount',
      hint: "Create it with mount.cache('/cache') or another function of `mount`.",
    }),
  },
  devices: {
    document: 'readonly Device[]',
    options: 'readonly Device[]',
    schema: list(object({ name: string, required: boolean }, { required: ['name'] })),
  },
  /** One word, with quotes where it needs them. */
  word: { document: 'Text', options: 'Text', schema: text },
  line: { document: 'string', options: 'string', schema: string },
  words: { document: 'readonly string[]', options: 'readonly string[]', schema: strings },
  texts: { document: 'readonly Text[]', options: 'readonly Text[]', schema: list(text) },
  command: { document: 'Command', options: 'Command', schema: union(string, strings) },
  pairs: { document: 'readonly Pair[]', options: 'readonly Pair[]', schema: anyList },
  declarations: {
    document: 'readonly Argument[]',
    options: 'readonly Argument[]',
    schema: anyList,
  },
  sources: {
    document: 'readonly CopySource[]',
    options: 'readonly CopySource[]',
    schema: anyList,
  },
  instruction: { document: 'Trigger', options: 'Trigger', schema: schema.any },
} as const satisfies Readonly<
  Record<string, { readonly document: string; readonly options: string; readonly schema: Schema }>
>

export type FieldType = keyof typeof fieldTypes

/** What is known of one flag, argument or mount option. */
export interface Field {
  readonly type: FieldType
  /** Its meaning, as documentation of the types and in the reference. */
  readonly doc: string
  /** What the builder takes where the field is missing, as text. */
  readonly default?: string
  /** The first version of the Dockerfile frontend that knows it. Default: every version in use. */
  readonly since?: string
  /** The values of an `enum`. */
  readonly values?: readonly string[]
  /** The name in a Dockerfile, where the document has another one. */
  readonly flag?: string
}

export type Fields = Readonly<Record<string, Field>>

/**
 * One field.
 *
 * @example field('boolean', 'Create a layer of its own.', { since: '1.4' })
 */
export function field<const Type extends FieldType, const Rest extends Omit<Field, 'type' | 'doc'>>(
  type: Type,
  doc: string,
  rest: Rest = {} as Rest,
): { readonly type: Type; readonly doc: string } & Rest {
  return { type, doc, ...rest }
}

/** The schema of an options object with these fields. */
export function optionSchema(fields: Fields): Schema {
  const keys = Object.entries(fields).map(([name, { type, values }]) => [
    name,
    values ? oneOf(...values) : fieldTypes[type].schema,
  ])
  return object(Object.fromEntries(keys))
}
