/**
 * The types of fields: the TypeScript type that each has in a document, and the stricter one of the
 * options from which our functions create it.
 */
export const fieldTypes = {
  /** Text in which the builder replaces variables. */
  text: { document: 'Text', options: 'Text' },
  /** Permission bits. */
  mode: { document: 'Text', options: 'FileMode | Dynamic' },
  /** Permission bits as a number in base 8. */
  octal: { document: 'Text', options: 'OctalMode | Dynamic' },
  /** A numeric user or group id. */
  id: { document: 'Text', options: 'number | Dynamic' },
  /** Bytes, or a number with a unit. */
  size: { document: 'Text', options: 'Size' },
  platform: { document: 'Text', options: 'Platform | Dynamic' },
  /** The name of a stage, an image or a build context. Variables are not replaced. */
  source: { document: 'string', options: 'From<S>' },
  boolean: { document: 'boolean', options: 'boolean' },
  duration: { document: 'string', options: 'Duration' },
  count: { document: 'number', options: 'number' },
  /** One of `values`. */
  enum: { document: '', options: '' },
  /** A flag that is repeated, without variables. */
  patterns: { document: 'readonly string[]', options: 'readonly string[]' },
  mounts: { document: 'readonly Mount[]', options: 'readonly MountValue[]' },
  devices: { document: 'readonly Device[]', options: 'readonly Device[]' },
  /** One word, with quotes where it needs them. */
  word: { document: 'Text', options: 'Text' },
  line: { document: 'string', options: 'string' },
  words: { document: 'readonly string[]', options: 'readonly string[]' },
  texts: { document: 'readonly Text[]', options: 'readonly Text[]' },
  command: { document: 'Command', options: 'Command' },
  pairs: { document: 'readonly Pair[]', options: 'readonly Pair[]' },
  declarations: { document: 'readonly Argument[]', options: 'readonly Argument[]' },
  sources: { document: 'readonly CopySource[]', options: 'readonly CopySource[]' },
  instruction: { document: 'Trigger', options: 'Trigger' },
} as const

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
