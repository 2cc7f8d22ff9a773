import type { Originated } from '@erlmcp/core'

/**
 * A reference to a variable of ARG or ENV, with the modifiers of the Dockerfile reference
 * ("Environment replacement"). Created by `ref`.
 */
export interface Variable {
  readonly variable: string
  /** `:-` and `-` a default, `:+` and `+` an alternative, `:?` and `?` an error message. */
  readonly modifier?: ':-' | '-' | ':+' | '+' | ':?' | '?' | '#' | '##' | '%' | '%%' | '/' | '//'
  /** The operand of the modifier: a text, or the shell pattern of `#`, `%` and `/`. */
  readonly word?: Text
  /** What `/` and `//` replace the pattern with. */
  readonly replacement?: string
}

/** Literal text and variables, one after another. Created by the tag `template`. */
export interface Template {
  readonly parts: readonly (string | Variable)[]
}

/** A value in which variables are replaced. A plain string is literal: its `$` is a dollar. */
export type Text = string | Variable | Template

/** What every node of a Dockerfile may have: its origin, and a comment above it. */
export interface Node extends Originated {
  readonly comment?: string
}

/** A command: text for the shell, or the words of the exec form. */
export type Command = string | readonly string[]

/** A variable of ENV or a label of LABEL, in the order of the file. */
export interface Pair {
  readonly name: string
  readonly value: Text
}

/** A variable that ARG declares. */
export interface Argument {
  readonly name: string
  readonly default?: Text
}

/** A CDI device that RUN requests. */
export interface Device {
  readonly name: string
  /** Whether the build fails without it. Default `false`. */
  readonly required?: boolean
}

/** A file whose content is part of the Dockerfile. Variables in `content` are replaced. */
export interface Heredoc {
  readonly content: Text
  /** Name of the file, where the destination is a directory. */
  readonly name?: string
}

/** A source of COPY or ADD. */
export type CopySource = Text | Heredoc
