import type { Originated } from '@erlmcp/core'

/**
 * A reference to a variable of ARG or ENV, with the modifiers of the Dockerfile reference
 * ("Environment replacement"). Made by `ref`.
 */
export interface Variable {
  readonly variable: string
  /** `:-` and `-` a default, `:+` and `+` an alternative, `:?` and `?` a refusal. */
  readonly modifier?: ':-' | '-' | ':+' | '+' | ':?' | '?' | '#' | '##' | '%' | '%%' | '/' | '//'
  /** What the modifier takes: a text, or the shell pattern of `#`, `%` and `/`. */
  readonly word?: Text
  /** What `/` and `//` put in the place of the pattern. */
  readonly replacement?: string
}

/** Literal text and variables, one after another. Made by the tag `template`. */
export interface Template {
  readonly parts: readonly (string | Variable)[]
}

/** A value in which variables are replaced. A plain string is literal: its `$` is a dollar. */
export type Text = string | Variable | Template

/** What every node of a Dockerfile may have: where it was made, and a comment above it. */
export interface Node extends Originated {
  readonly comment?: string
}

/** A command: text for the shell, or the words of the exec form. */
export type Command = string | readonly string[]

/** A name with a value, as ENV and LABEL take them, in the order of the file. */
export interface Pair {
  readonly name: string
  readonly value: Text
}

export interface Argument {
  readonly name: string
  readonly default?: Text
}

export interface Arg extends Node {
  readonly instruction: 'ARG'
  readonly args: readonly Argument[]
}

export interface Env extends Node {
  readonly instruction: 'ENV'
  readonly pairs: readonly Pair[]
}

export interface Label extends Node {
  readonly instruction: 'LABEL'
  readonly pairs: readonly Pair[]
}

/** One `--mount` of RUN. Option names are those of the Dockerfile reference. */
export type Mount = BindMount | CacheMount | TmpfsMount | SecretMount | SshMount

export interface BindMount {
  readonly type: 'bind'
  readonly target: Text
  readonly source?: Text
  /** Name of a stage, an image or a named build context. */
  readonly from?: string
  /** Writes are allowed and thrown away. */
  readonly rw?: boolean
}

export interface CacheMount {
  readonly type: 'cache'
  readonly target: Text
  readonly id?: Text
  readonly ro?: boolean
  readonly sharing?: 'shared' | 'private' | 'locked'
  readonly from?: string
  readonly source?: Text
  readonly mode?: Text
  readonly uid?: Text
  readonly gid?: Text
}

export interface TmpfsMount {
  readonly type: 'tmpfs'
  readonly target: Text
  readonly size?: Text
}

export interface SecretMount {
  readonly type: 'secret'
  readonly id?: Text
  readonly target?: Text
  /** The secret as an environment variable of this RUN, beside or instead of the file. */
  readonly env?: Text
  readonly required?: boolean
  readonly mode?: Text
  readonly uid?: Text
  readonly gid?: Text
}

export interface SshMount {
  readonly type: 'ssh'
  readonly id?: Text
  readonly target?: Text
  readonly required?: boolean
  readonly mode?: Text
  readonly uid?: Text
  readonly gid?: Text
}

/** A CDI device that RUN asks for. */
export interface Device {
  readonly name: string
  readonly required?: boolean
}

/**
 * A text of several lines is a heredoc in the file. One that begins with `#!` is run by the
 * interpreter that it names, any other by the shell.
 */
export interface Run extends Node {
  readonly instruction: 'RUN'
  readonly command: Command
  readonly mounts?: readonly Mount[]
  readonly network?: 'default' | 'none' | 'host'
  readonly security?: 'sandbox' | 'insecure'
  readonly devices?: readonly Device[]
}

/** A file whose content stands in the Dockerfile. Variables in `content` are replaced. */
export interface Heredoc {
  readonly content: Text
  /** Name of the file, where the destination is a directory. */
  readonly name?: string
}

export type CopySource = Text | Heredoc

interface CopyFlags extends Node {
  readonly sources: readonly CopySource[]
  readonly destination: Text
  readonly chown?: Text
  readonly chmod?: Text
  readonly link?: boolean
  readonly exclude?: readonly string[]
}

export interface Copy extends CopyFlags {
  readonly instruction: 'COPY'
  /** Name of a stage, an image or a named build context. */
  readonly from?: string
  readonly parents?: boolean
}

export interface Add extends CopyFlags {
  readonly instruction: 'ADD'
  readonly checksum?: Text
  readonly 'keep-git-dir'?: boolean
  readonly unpack?: boolean
}

export interface Cmd extends Node {
  readonly instruction: 'CMD'
  readonly command: Command
}

export interface Entrypoint extends Node {
  readonly instruction: 'ENTRYPOINT'
  readonly command: Command
}

export interface Healthcheck extends Node {
  readonly instruction: 'HEALTHCHECK'
  /** Absent for `HEALTHCHECK NONE`. */
  readonly command?: Command
  readonly interval?: string
  readonly timeout?: string
  readonly 'start-period'?: string
  readonly 'start-interval'?: string
  readonly retries?: number
}

export interface Expose extends Node {
  readonly instruction: 'EXPOSE'
  readonly ports: readonly Text[]
}

export interface User extends Node {
  readonly instruction: 'USER'
  readonly user: Text
}

export interface Workdir extends Node {
  readonly instruction: 'WORKDIR'
  readonly path: Text
}

export interface Volume extends Node {
  readonly instruction: 'VOLUME'
  readonly paths: readonly Text[]
}

export interface Stopsignal extends Node {
  readonly instruction: 'STOPSIGNAL'
  readonly signal: Text
}

export interface Shell extends Node {
  readonly instruction: 'SHELL'
  readonly command: readonly string[]
}

/** Deprecated: there is no function that makes one, but a file that is read may have it. */
export interface Maintainer extends Node {
  readonly instruction: 'MAINTAINER'
  readonly name: string
}

/** An instruction that a later build runs, when it starts from this image. */
export interface Onbuild extends Node {
  readonly instruction: 'ONBUILD'
  readonly trigger: Trigger
}

/** What ONBUILD may hold. */
export type Trigger =
  | Add
  | Arg
  | Cmd
  | Copy
  | Entrypoint
  | Env
  | Expose
  | Healthcheck
  | Label
  | Run
  | Shell
  | Stopsignal
  | User
  | Volume
  | Workdir

/** Everything that may stand between one FROM and the next. */
export type Instruction = Trigger | Maintainer | Onbuild

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
