/** A whole or broken number, or text that becomes one: `"8080"`, `"${PORT:-8080}"`. */
export type NumberLike = number | string

/** `true`, `false`, or text that becomes one: `"${READ_ONLY:-true}"`. */
export type BooleanLike = boolean | string

/** A key that every part of the spec leaves to others (Compose spec, "Extensions"). */
export interface Extensible {
  /** An extension: any data under a key that begins with `x-`; Compose ignores it. */
  readonly [extension: `x-${string}`]: unknown
}

/** One text or several. */
export type StringOrList = string | readonly string[]

/** `KEY: value`, or the list form `- KEY=value`. A null value means: taken from the shell. */
export type ListOrDict =
  | { readonly [key: string]: string | number | boolean | null }
  | readonly string[]

/** A shell line, or the words of a command; `null` keeps what the image says. */
export type Command = string | readonly string[] | null

/** Host names and their addresses: `{ host: ip }`, or the list form `- host=ip`. */
export type ExtraHosts = { readonly [host: string]: StringOrList } | readonly string[]

/** Options of a driver, in the driver's own words. */
export interface DriverOptions {
  readonly [option: string]: string | number
}

/** Soft and hard limits of a process (setrlimit(2)), by name: `nofile`, `nproc`, `memlock`. */
export interface Ulimits {
  readonly [name: string]: NumberLike | Ulimit
}

export interface Ulimit extends Extensible {
  readonly soft: NumberLike
  readonly hard: NumberLike
}
