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
  /** Which program reads it, and what was changed for it. No part of the text. */
  readonly [DIALECT]?: Dialect
  /** What Compose reads where that is more than is in this file. No part of the text. */
  readonly [EFFECTIVE]?: Effective
}

/** The key under which a file that is joined with others has what comes of it. */
export const EFFECTIVE: unique symbol = Symbol.for('erlmcp.compose.effective') as never

/** What Compose makes of a file together with the files that it is joined with. */
export interface Effective {
  /** The first of the files: relative paths begin at its folder, and `.env` is read there. */
  readonly path: string
  readonly file: ComposeFile
  /** What Compose makes of the other files without an overlay; only an overlay has it. */
  readonly base?: ComposeFile
  /** Nodes that an overlay resets and that its base does not have. */
  readonly ineffective?: readonly (readonly (string | number)[])[]
}

/** The key under which a compose file says for which program it was made. */
export const DIALECT: unique symbol = Symbol.for('erlmcp.compose.dialect') as never

/** The key under which a secret's definition says that the operator brings its file. */
export const SUPPLIED: unique symbol = Symbol.for('erlmcp.compose.supplied') as never

/** The program that reads a file: `docker compose`, or `docker stack deploy`. */
export interface Dialect {
  readonly name: 'compose' | 'swarm'
  /** Versions of those who read it. */
  readonly target?: TargetVersions
  /** What was said and is not in the file in that form. Always empty for `compose`. */
  readonly changes: readonly Change[]
  /** The name that a stack file is deployed under. */
  readonly stack?: string
  /** In whose words it was written: hints are in the same. Default: `typescript`. */
  readonly language?: 'typescript' | 'file'
}

/** The oldest versions that have to read a file: keys that they do not know are refused. */
export interface TargetVersions {
  /** Of Docker Compose, such as `'2.30'`. Default: `'2.40'`, the last of Compose 2. */
  readonly compose?: string
  /** Of the Docker engine, such as `'25.0'`. Default: `'28.1'`. */
  readonly engine?: string
}

/** One thing that a swarm does not take as it was said. */
export interface Change {
  /** The node it was said at; it may be gone. */
  readonly path: readonly (string | number)[]
  /** `rewritten`: said in swarm's way. `dropped`: swarm would ignore it. `refused`: swarm would reject the file. */
  readonly action: 'rewritten' | 'dropped' | 'refused'
  /** One sentence: what became of it, and what that means. */
  readonly message: string
  /** Whether its author meant something by it that is not in force, such as the rights of a container. */
  readonly isLost?: true
}
