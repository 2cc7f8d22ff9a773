import type { Arg, Instruction } from './document.gen.ts'
import type { Node, Text } from './text.ts'

/** One FROM with the instructions that follow it. */
export interface StageNode extends Node {
  /** Default: the stage has only a number. */
  readonly name?: string
  /** An image reference, `scratch`, the name of an earlier stage or of a named build context. */
  readonly from: Text
  /** Platform of the base image. Default: the platform that is built for. */
  readonly platform?: Text
  readonly instructions: readonly Instruction[]
}

/** Parser directives: the comments at the beginning of a file. */
export interface Directives {
  /** Image of the frontend, such as `docker/dockerfile:1`. Default: the builder's own. */
  readonly syntax?: string
  /** The escape character. Default `\`; a backtick suits Windows paths. */
  readonly escape?: '\\' | '`'
  /** Settings of the checks of the build. */
  readonly check?: {
    /** Checks that are skipped. Default: none. */
    readonly skip?: readonly string[] | 'all'
    /** Whether a failed check fails the build. Default `false`. */
    readonly error?: boolean
    /** Experimental checks that are enabled. Default: none. */
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
