/** A word of a command, as the shell hands it to a program. */
export interface ShellWord {
  readonly value: string
  /** The source of the word. */
  readonly text: string
  /** Whether the value is known. Otherwise `value` holds the source of the unknown parts. */
  readonly known: boolean
  /** Offsets in the shell text. */
  readonly start: number
  readonly end: number
}

export interface Value {
  readonly value: string
  readonly known: boolean
}

/** The value of a variable: one word, or the elements of an array. */
export type VariableValue = readonly (Value & Partial<ShellWord>)[]
