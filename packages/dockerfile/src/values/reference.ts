import type { Mount } from '../schema/document.gen.ts'
import type { StageNode } from '../schema/document.ts'
import type { ImageReference } from './literal-types.ts'

/** The stages that a value refers to, so that the file can collect them. */
export const STAGES: unique symbol = Symbol.for('erlmcp.dockerfile.stages') as never

/** A value that refers to stages, by COPY, a mount or FROM. */
export interface RefersToStages {
  readonly [STAGES]?: readonly Stage[]
}

/** A stage of a build. It is its own reference: name it by its value. */
export interface Stage extends StageNode, RefersToStages {
  readonly name: string
}

/** A build context that the builder is given by name: `buildx build --build-context NAME=…`. */
export interface BuildContext {
  readonly context: string
}

/** A mount that may refer to a stage. */
export type MountValue = Mount & RefersToStages

/** Where files come from: a stage, an image, or a named build context. */
export type From<S extends string> = Stage | BuildContext | ImageReference<S>

/** The name by which the file refers to it, and the stage where it is one. */
export function nameOf(from: Stage | BuildContext | string): {
  readonly name: string
  readonly stages: readonly Stage[]
} {
  if (typeof from === 'string') return { name: from, stages: [] }
  if ('context' in from) return { name: from.context, stages: [] }
  return { name: from.name, stages: [from] }
}
