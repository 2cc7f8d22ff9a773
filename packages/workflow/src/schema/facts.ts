import type { Schema } from '@erlmcp/core'

/** What GitHub knows of a key beside its type. */
export interface WorkflowFacts {
  /** Name of its type in TypeScript. */
  readonly name?: string
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
  /** Whether it may be missing where GitHub requires it. */
  readonly optional?: boolean
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
