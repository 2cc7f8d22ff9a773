import type { ComposeFileData } from './schema/document.gen.ts'

export type * from './schema/document.gen.ts'

/**
 * A compose file as plain data: the whole Compose specification under its own names, after merge
 * keys. Text is as in the file: `$$` is a dollar, `${NAME:-x}` an interpolation.
 *
 * @see https://github.com/compose-spec/compose-spec/blob/main/spec.md
 * @example
 * const file: ComposeFile = { services: { web: { image: 'nginx:1.29' } } }
 */
export interface ComposeFile extends ComposeFileData {
  /** The program that reads it, and what was changed for that program. Not printed. */
  readonly [DIALECT]?: Dialect
  /** The merged file, where Compose reads this one together with others. Not printed. */
  readonly [EFFECTIVE]?: Effective
}

/** The key of the {@link Effective} file. */
export const EFFECTIVE: unique symbol = Symbol.for('erlmcp.compose.effective') as never

/** A file after Compose merged it with others. */
export interface Effective {
  /** The first of the files: relative paths begin at its folder, and `.env` is read there. */
  readonly path: string
  readonly file: ComposeFile
  /** The merged files below an overlay; only an overlay has it. */
  readonly base?: ComposeFile
  /** Paths that an overlay resets and that its base does not have. */
  readonly ineffective?: readonly (readonly (string | number)[])[]
}

/** The key of the {@link Dialect}. */
export const DIALECT: unique symbol = Symbol.for('erlmcp.compose.dialect') as never

/** The key that marks a secret whose file the operator provides. */
export const SUPPLIED: unique symbol = Symbol.for('erlmcp.compose.supplied') as never

/** The program that reads a file: `docker compose`, or `docker stack deploy`. */
export interface Dialect {
  readonly name: 'compose' | 'swarm'
  /** The oldest versions that read it. */
  readonly target?: TargetVersions
  /** What differs in the file from what the author wrote. Always empty for `compose`. */
  readonly changes: readonly Change[]
  /** The name that a stack file is deployed under. */
  readonly stack?: string
  /** The language of the author, which hints use, too. Default: `typescript`. */
  readonly language?: 'typescript' | 'file'
}

/** The oldest versions that have to read a file: newer keys are diagnostics. */
export interface TargetVersions {
  /** Of Docker Compose, such as `'2.30'`. Default: that of {@link defaultTarget}. */
  readonly compose?: string
  /** Of the Docker engine, such as `'25.0'`. Default: that of {@link defaultTarget}. */
  readonly engine?: string
}

/** The versions that a file is for unless it has a `target`: the last Compose 2, and an engine of its time. */
export const defaultTarget: Required<TargetVersions> = { compose: '2.40', engine: '28.1' }

/** One thing that a swarm does not support as written. */
export interface Change {
  /** Path of the node that was written; the file may not have it. */
  readonly path: readonly (string | number)[]
  /** `rewritten`: to its equivalent. `ignored` or `rejected`: left out, as a swarm would ignore the key or reject the file. */
  readonly action: 'rewritten' | 'ignored' | 'rejected'
  /** One sentence: what changed, and the effect. */
  readonly message: string
  /** Whether the service behaves differently without the key: it has other rights, another place or other neighbours. */
  readonly essential?: true
}
