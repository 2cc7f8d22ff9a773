/** Where a command writes. Default: the streams of the process. */
export interface Output {
  out(text: string): void
  err(text: string): void
  /** Whether `err` and `out` are terminals that show colours. Default: no. */
  readonly colour?: boolean
  /** The current step of work that takes longer than a second. Default: a line on a terminal. */
  progress?(text: string): void
}

/** Prints one JSON document on standard output. */
export function printJson(output: Output, value: unknown): void {
  output.out(`${JSON.stringify(value, null, 2)}\n`)
}
