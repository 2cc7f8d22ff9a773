/** A word of a command, as the shell would hand it to a program. */
export interface ShellWord {
  readonly value: string
  /** As it is written. */
  readonly text: string
  /** Whether its value could be told. */
  readonly known: boolean
  /** Where it stands in the shell text. */
  readonly start: number
  readonly end: number
}
