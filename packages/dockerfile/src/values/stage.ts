import { formatValue, isBranded, ORIGIN, originOf, UserError } from '@erlmcp/core'
import type { Instruction } from '../schema/document.gen.ts'
import type { Text } from '../schema/text.ts'
import { createInstruction } from './create-instruction.ts'
import type { Dynamic } from './literal-types.ts'
import type { FromOptions } from './options.gen.ts'
import {
  type BuildContext,
  type From,
  nameOf,
  type RefersToStages,
  STAGES,
  type Stage,
} from './reference.ts'
import { literalOf } from './text.ts'

const namePattern = /^[a-z][a-z0-9._-]*$/

/**
 * A named build context, to copy from, mount or start from.
 *
 * @throws UserError when the name cannot be one.
 * @example
 * copy(['/'], '/plugins/', { from: context('plugins') })
 */
export function context(name: string): BuildContext {
  if (!namePattern.test(name)) {
    throw new UserError({
      message: `${JSON.stringify(name)} cannot name a build context`,
      hint: 'Use lower-case letters, digits, dots, dashes and underscores, beginning with a letter.',
      origin: originOf(context),
    })
  }
  return Object.freeze({ context: name })
}

export interface StageOptions extends FromOptions {
  /** One line above the FROM, shown by `buildx build --call=targets`. */
  readonly comment?: string
}

const reserved = new Set(['scratch', 'context'])

/**
 * One stage: what it starts from, and what it does. It gets into a file when the file's target
 * refers to it.
 *
 * @throws UserError when the name is reserved or no stage name, or what it starts from or does is none.
 * @example
 * const builder = stage('builder', 'erlang:28.3.1-slim', [
 *   workdir('/build'),
 *   copy(['.'], './'),
 *   run('rebar3 as prod release'),
 * ])
 */
export function stage<const S extends string>(
  name: string,
  from: From<S> | Dynamic,
  instructions: readonly Instruction[],
  options: StageOptions = {},
): Stage {
  const problem = reserved.has(name)
    ? 'is a word of the Dockerfile language'
    : namePattern.test(name)
      ? undefined
      : 'cannot be one'
  if (problem) {
    throw new UserError({
      message: `stage name ${JSON.stringify(name)} ${problem}`,
      hint: 'Use lower-case letters, digits, dots, dashes and underscores, beginning with a letter.',
      origin: originOf(stage),
    })
  }
  refuseNoStage(name, from, instructions)
  const source = isDynamic(from) ? { name: from, stages: [] } : nameOf(from)
  if (literalOf(source.name) === '') {
    throw new UserError({
      message: `stage ${name} starts from an image with an empty name`,
      hint: 'Name an image, a stage, or `scratch`.',
      origin: originOf(stage),
    })
  }
  return Object.freeze({
    name,
    from: source.name as Text,
    ...(options.platform !== undefined && { platform: options.platform }),
    ...(options.comment !== undefined && { comment: options.comment }),
    instructions: Object.freeze([...instructions]),
    [STAGES]: source.stages,
    [ORIGIN]: originOf(stage),
  })
}

/** JavaScript, and TypeScript that nobody compiled, may leave out the image, or give text to do. */
function refuseNoStage(name: string, from: unknown, instructions: unknown): void {
  const refuse = (message: string): never => {
    throw new UserError({
      message: `stage ${name} ${message}`,
      hint: "Write stage('app', 'debian:trixie-slim', [run('true')]).",
      origin: originOf(stage),
    })
  }
  if (typeof from !== 'string' && (typeof from !== 'object' || from === null)) {
    refuse(`starts from ${String(from)}, which is no image and no stage`)
  }
  if (typeof from === 'object' && !isOrigin(from)) {
    refuse(`starts from ${formatValue(from)}, which no function of this package made`)
  }
  if (!Array.isArray(instructions)) refuse('has no list of instructions')
  for (const one of instructions as readonly unknown[]) {
    const { instruction } = (one ?? {}) as Partial<Instruction>
    if (typeof instruction === 'string' && isBranded(one)) continue
    if (typeof instruction === 'string') refuse(`has ${instruction} made by hand`)
    refuse(
      `has ${typeof one === 'string' ? JSON.stringify(one) : `a value of type ${typeof one}`} among its instructions`,
    )
  }
}

/** What a stage may start from that is not text: a stage, a build context, or text with variables. */
function isOrigin(from: object | null): boolean {
  return (
    from !== null && (isBranded(from) || 'context' in from || 'variable' in from || 'parts' in from)
  )
}

function isDynamic(from: Stage | BuildContext | string | Dynamic): from is Dynamic {
  return typeof from === 'object' && ('variable' in from || 'parts' in from)
}

/** The stages that a stage refers to directly, in the order in which it does. */
export function stagesOf(stage: Stage): readonly Stage[] {
  return [...(stage[STAGES] ?? []), ...stage.instructions.flatMap((one) => referredBy(one))]
}

function referredBy(instruction: Instruction & RefersToStages): readonly Stage[] {
  return instruction[STAGES] ?? []
}

/**
 * A comment above an instruction.
 *
 * @example
 * comment('Its own layer: it changes rarely.', run('rebar3 as prod compile --deps_only'))
 */
export function comment<I extends Instruction>(text: string, instruction: I): I {
  return createInstruction({ ...instruction, comment: text }, comment)
}
