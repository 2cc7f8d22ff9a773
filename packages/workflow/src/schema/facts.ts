import { type ObjectSchema, type Schema, schema } from '@erlmcp/core'

/** What GitHub knows of a key beside its type. */
export interface WorkflowFacts {
  /** Name of its type in TypeScript. */
  readonly typeName?: string
  /** One line of documentation. */
  readonly doc?: string
  /** What GitHub assumes where the key is missing. */
  readonly default?: string
  /** Since when GitHub or its runner has it, where it is not always there. */
  readonly since?: string
  /**
   * Contexts and limited functions that expressions below it may use; none where it takes no
   * expression. Default: those of the key above.
   */
  readonly contexts?: readonly string[]
  /** Whether exactly one option of a union applies, so that keys of the others are errors. */
  readonly exclusive?: boolean
  /** Type of the additional keys of an object, in TypeScript. */
  readonly additionalType?: string
  /** How an author writes it. Default: the same, with values in place of expressions in text. */
  readonly author?: AuthorFacts
}

/** How an author writes a key that differs from the file. */
export interface AuthorFacts {
  /** Name of the author's type of an object. Default: the name of its type, with `Spec` added. */
  readonly name?: string
  /** Type parameters of an object. */
  readonly parameters?: string
  /** What validates it. Default: derived from the type. */
  readonly schema?: WorkflowSchema
  /** Its type in TypeScript, where that is narrower than the schema. */
  readonly type?: string
  /** One line of documentation, where it differs. */
  readonly doc?: string
  /** What this package writes where the key is missing. */
  readonly default?: string
  /** Whether the key is left out. */
  readonly omit?: boolean
  /** Keys of an object that an author must write. Default: those that GitHub requires. */
  readonly required?: readonly string[]
  /** Keys of an object that only an author writes. */
  readonly keys?: Readonly<Record<string, WorkflowSchema>>
}

export type WorkflowSchema = Schema<WorkflowFacts>

/** The same schema with its documentation and facts. */
export function key<Type extends WorkflowSchema>(
  schema: Type,
  doc: string,
  facts: WorkflowFacts = {},
): Type {
  return { ...schema, doc, ...facts }
}

export const list = (items: WorkflowSchema): WorkflowSchema => schema.list<WorkflowFacts>(items)

export const map = (values: WorkflowSchema, name?: Parameters<typeof schema.map>[1]) =>
  schema.map<WorkflowFacts>(values, name) as WorkflowSchema

export const union = (...options: readonly WorkflowSchema[]): WorkflowSchema =>
  schema.union<WorkflowFacts>(...options)

type Keys = Readonly<Record<string, WorkflowSchema>>

/** An object with known keys, in the order in which they are printed. */
export const object = (
  keys: Keys,
  settings?: Partial<Pick<ObjectSchema, 'required' | 'additional'>>,
): WorkflowSchema => schema.object<Record<string, unknown>, WorkflowFacts>(keys, settings)

/** An object with a type of its own. */
export const node = (
  name: string,
  doc: string,
  keys: Keys,
  { required = [], ...facts }: WorkflowFacts & { readonly required?: readonly string[] } = {},
) => key(object(keys, { required }), doc, { typeName: name, ...facts })
