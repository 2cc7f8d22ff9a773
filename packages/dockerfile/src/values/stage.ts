import { formatValue, isBranded, ORIGIN, originOf, UserError } from '@erlmcp/core'
import type { Instruction } from '../schema/document.gen.ts'
import { instructions as table } from '../schema/instructions.ts'
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
import { resolveOptions } from './resolve-options.ts'
import { literalOf } from './text.ts'

const namePattern = /^[a-z][a-z0-9._-]*$/
const nameHint =
  'Use lower-case letters, digits, dots, dashes and underscores, beginning with a letter.'

/**
 * A named build context, to copy from, mount or start from.
 *
 * @throws UserError when the name is invalid
 * @example
 * copy(['/'], '/plugins/', { from: context('plugins') })
 */
export function context(name: string): BuildContext {
  if (!namePattern.test(name)) {
    const message = `invalid name of a build context ${formatValue(name)}`
    throw new UserError({ message, hint: nameHint, origin: originOf(context) })
  }
  return Object.freeze({ context: name })
}

export interface StageOptions extends FromOptions {
  /** One line above the FROM, shown by `buildx build --call=targets`. */
  readonly comment?: string
}

const reserved = new Set(['scratch', 'context'])

/**
 * One stage: its base image and its instructions. It becomes part of a file when the target of the
 * file refers to it.
 *
 * @throws UserError when the name is reserved or invalid, or the base, an instruction or an option is
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
  if (reserved.has(name) || !namePattern.test(name)) {
    const fault = reserved.has(name) ? 'reserved' : 'invalid'
    const message = `${fault} stage name ${formatValue(name)}`
    throw new UserError({ message, hint: nameHint, origin: originOf(stage) })
  }
  validateParts(name, from, instructions)
  const source = isDynamic(from) ? { name: from, stages: [] } : nameOf(from)
  if (literalOf(source.name) === '') {
    throw new UserError({
      message: `stage ${name}: the name of its base image is empty`,
      hint: 'Name an image, a stage, or `scratch`.',
      origin: originOf(stage),
    })
  }
  const { comment: text, ...flags } = options
  return Object.freeze({
    name,
    from: source.name as Text,
    ...resolveOptions<FromOptions>('stage', table.FROM.flags, flags, stage),
    ...(text !== undefined && { comment: text }),
    instructions: Object.freeze([...instructions]),
    [STAGES]: source.stages,
    [ORIGIN]: originOf(stage),
  })
}

/** JavaScript may leave out the base, or pass text as an instruction. */
function validateParts(name: string, from: unknown, instructions: unknown): void {
  const refuse = (message: string): never => {
    throw new UserError({
      message: `stage ${name}: ${message}`,
      hint: "Write stage('app', 'debian:trixie-slim', [run('true')]).",
      origin: originOf(stage),
    })
  }
  if (typeof from !== 'string' && !isSource(from)) {
    refuse(`expected a base image or a stage, got ${formatValue(from)}`)
  }
  if (!Array.isArray(instructions)) {
    refuse(`expected a list of instructions, got ${formatValue(instructions)}`)
  }
  for (const one of instructions as readonly unknown[]) {
    const { instruction } = (one ?? {}) as Partial<Instruction>
    if (typeof instruction === 'string' && isBranded(one)) continue
    if (typeof instruction === 'string') {
      refuse(`${instruction} was not created by a function of @erlmcp/dockerfile`)
    }
    refuse(`expected an instruction, got ${formatValue(one)}`)
  }
}

/** Whether a stage may start from a value: a stage, a build context, or text with variables. */
function isSource(from: unknown): boolean {
  if (typeof from !== 'object' || from === null) return false
  return isBranded(from) || 'context' in from || 'variable' in from || 'parts' in from
}

function isDynamic(from: Stage | BuildContext | string | Dynamic): from is Dynamic {
  return typeof from === 'object' && ('variable' in from || 'parts' in from)
}

/** The stages that a stage refers to directly, in the order of its instructions. */
export function stagesOf(stage: Stage): readonly Stage[] {
  const referred = (node: RefersToStages) => node[STAGES] ?? []
  return [
    ...referred(stage),
    ...stage.instructions.flatMap((one) => referred(one as RefersToStages)),
  ]
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
