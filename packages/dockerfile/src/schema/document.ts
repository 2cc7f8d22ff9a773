import type { Arg, Instruction } from './document.gen.ts'
import type { Node, Text } from './text.ts'

/** One FROM with what follows it. */
export interface StageNode extends Node {
  readonly name?: string
  /** An image reference, `scratch`, the name of an earlier stage or of a named build context. */
  readonly from: Text
  readonly platform?: Text
  readonly instructions: readonly Instruction[]
}

/** Parser directives: the comments that must stand first in the file. */
export interface Directives {
  /** Image of the frontend, such as `docker/dockerfile:1`. Default: the builder's own. */
  readonly syntax?: string
  /** Default `\`. Windows paths read better with a backtick. */
  readonly escape?: '\\' | '`'
  readonly check?: {
    readonly skip?: readonly string[] | 'all'
    /** Whether a failed check fails the build. */
    readonly error?: boolean
    readonly experimental?: readonly string[] | 'all'
  }
}

/** The plain data of one Dockerfile. */
export interface Dockerfile {
  readonly directives?: Directives
  /** ARG instructions before the first FROM. */
  readonly args: readonly Arg[]
  /** In the order of the file; the last one is built by default. */
  readonly stages: readonly StageNode[]
  /** Folder that is the build context, relative to the project. Default `.`. Not in the text. */
  readonly context?: string
}
