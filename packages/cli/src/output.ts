/** Where a command writes. Default: the process's own streams. */
export interface Output {
  out(text: string): void
  err(text: string): void
  /** Whether `err` and `out` are terminals that show colours. Default: no. */
  readonly colour?: boolean
  /** What is being done, when it takes longer than a second. Default: a line on a terminal. */
  progress?(text: string): void
}
