import type { Output } from '../output.ts'
import type { Options, Values } from './options.ts'

/** The arguments that follow the options. */
export interface Operands {
  /** How the usage line shows them, such as `[PATH…]`. */
  readonly label: string
  /** Default: 0. */
  readonly min?: number
  /** Default: no limit. */
  readonly max?: number
  /** Whether everything from the first operand on belongs to another command. */
  readonly rest?: true
}

/** What a command line says, after the name of the command. */
export interface Arguments<Known extends Options = Options> {
  /** The file of the stack, by `--stack` or as operand. */
  readonly stack: string | undefined
  readonly operands: readonly string[]
  /** A value for every option that the command has. */
  readonly options: Values<Known>
}

/** A command: its operands, its options, and what it does. */
export interface Command<Known extends Options = Options> {
  /** Default: the file of a stack. */
  readonly operands?: Operands
  readonly options: Known
  /** @returns the exit code */
  run(args: Arguments<Known>, output: Output): Promise<number>
}

/** A command whose `args.options` have the types of its options. */
export function command<const Known extends Options>(definition: Command<Known>): Command {
  // The parser makes exactly the values that the options describe.
  return definition as unknown as Command
}

export const noOperands: Operands = { label: '', max: 0 }

/** A command by name: only the one that runs is loaded. */
export interface Entry {
  /** One word, or two: a group and a verb. */
  readonly name: string
  readonly summary: string
  load(): Promise<{ readonly default: Command }>
}
