import type { Output } from './output.ts'

/** What a person wrote after the name of the command. */
export interface Arguments {
  /** The stack's file, where one was named. */
  readonly stack?: string
  /** Everything that is no option. */
  readonly operands: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

export interface Option {
  readonly name: string
  /** What stands for the value in the help; without it the option is a switch. */
  readonly value?: string
  /** The only values that it takes. */
  readonly choices?: readonly string[]
  readonly hint: string
}

/** What stands after the options. */
export interface Operands {
  /** A `command` begins at the first operand and goes on to the end of the line. */
  readonly takes: 'nothing' | 'one' | 'any' | 'command'
  /** How the help shows them, such as `[PATH…]`. */
  readonly words: string
}

export interface Command {
  readonly words: readonly string[]
  readonly summary: string
  /** Default: the file of a stack, or none. */
  readonly operands?: Operands
  readonly options: readonly Option[]
  run(given: Arguments, output: Output): Promise<number>
}
