import type { Schema, TextFormat } from '@erlmcp/core'

/** The grammar of a text or number, and what the docker CLI wants in its place. */
export interface ComposeFormat extends TextFormat {
  /** Whether the program that reads the file accepts it: a swarm accepts fewer durations. */
  readonly accepts: (text: string, inSwarm?: boolean) => boolean
  /** The number or boolean of a text, for the docker CLI, which converts no text. */
  readonly toPlain?: (text: string) => number | boolean
}

/** How Compose merges the value of a later file into that of an earlier one. */
export type Merge =
  /** The later value. */
  | 'replace'
  /** Both as a list of texts, `NAME=value` where one is a mapping. */
  | 'texts'
  /** The same, without what the earlier one has. */
  | 'new-texts'
  /** Both as a mapping by name; a list gives names alone. */
  | 'names'
  /** The same, with the condition that a name alone means. */
  | 'dependencies'
  /** A text is the context of a build. */
  | 'build'
  /** Merged where both have one driver, else the later value. */
  | 'logging'
  /** Address pools, by subnet. */
  | 'pools'

/** By what two items of a list are the same: the later one replaces the earlier. */
export type Identity = 'name' | 'text' | 'path' | 'target' | 'device' | 'port' | 'config' | 'secret'

/** A key that `docker stack deploy` does not support. */
export interface Unsupported {
  readonly action: 'ignored' | 'rejected'
  /** Where `swarm(…)` writes its value instead. */
  readonly movedTo?: string
  /** What to do instead. */
  readonly advice?: string
  /** Whether a service without it has other rights, another place or other neighbours. */
  readonly essential?: true
}

/** How an author writes a key in TypeScript, where that is not as in the file. */
export interface AuthorFacts {
  /** What an author writes. Default: as in the file, where a text may be a variable. */
  readonly schema?: Schema<Facts>
  /** Its type, where that is narrower than the schema. */
  readonly type?: string
  /** The grammar of a text that is parsed before it is written. Default: a rule checks that of the file. */
  readonly format?: TextFormat
  /** Keys of an object that only an author writes. */
  readonly keys?: Readonly<Record<string, Schema<Facts>>>
  /** Keys of an object that an author must write. Default: as in the file. */
  readonly required?: readonly string[]
  /** Whether no author writes the key. */
  readonly omit?: true
}

export type SwarmSupport = 'kept' | 'converted' | Unsupported

/** What is known of a key beyond its type. The documentation of a key is the comment above it. */
export interface Facts {
  /** The name of its TypeScript type. */
  readonly name?: string
  readonly format?: ComposeFormat
  readonly author?: AuthorFacts
  /** Which program rejects a list with a duplicate item; Compose drops the first of most. */
  readonly unique?: 'always' | 'swarm'
  /** The first version that knows the key, of Compose and of the engine. */
  readonly requires?: { readonly compose?: string; readonly engine?: string }
  /**
   * How several files are merged. Default: mappings key by key, lists one after the other, anything
   * else by its later value (Compose spec, "Merge"; compose-go 2.9, override/merge.go).
   */
  readonly merge?: Merge
  readonly identity?: Identity
  /** What `docker stack deploy` does with the key. */
  readonly swarm?: SwarmSupport
}

/** A key that `docker stack deploy` ignores. */
export const ignored = (advice: string, more?: Partial<Unsupported>): Unsupported => ({
  action: 'ignored',
  advice,
  ...more,
})

/** A key that `docker stack deploy` rejects, with the whole file. */
export const rejected = (advice?: string, more?: Partial<Unsupported>): Unsupported => ({
  action: 'rejected',
  ...(advice !== undefined && { advice }),
  ...more,
})

/** Marks a key that a service needs to behave as written. */
export const essential = { essential: true } as const
