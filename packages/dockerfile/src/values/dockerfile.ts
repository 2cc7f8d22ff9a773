import {
  type Document,
  type Format,
  formatValue,
  isBranded,
  originOf,
  type Source,
  UserError,
} from '@erlmcp/core'
import { rules } from '../lint/rules.gen.ts'
import { print } from '../print/print.ts'
import type { Arg } from '../schema/document.gen.ts'
import type { Directives, Dockerfile } from '../schema/document.ts'
import type { MountValue } from './reference.ts'
import { type RefersToStages, STAGES, type Stage } from './reference.ts'
import { stagesOf } from './stage.ts'
import { literalOf } from './text.ts'

/** The Dockerfile language, for the pipeline of core. */
export const dockerfileFormat: Format<Dockerfile> = { name: 'dockerfile', rules, print }

export interface DockerfileOptions {
  /** Stages beside the target that can be built by `--target`, with what they need. */
  readonly targets?: readonly Stage[]
  /** ARG instructions before the first FROM, for use in FROM. */
  readonly args?: readonly Arg[]
  readonly directives?: Directives
  /** Folder that is the build context, relative to the project. Default `.`. */
  readonly context?: string
}

/** A Dockerfile as a source of a stack. */
export interface DockerfileSource extends Source {
  readonly path: string
  readonly data: Dockerfile
  documents(): Iterable<Document<Dockerfile>>
}

/**
 * A Dockerfile that builds `target`: with every stage that it and the other targets refer to,
 * dependencies first, and `target` last, so that it is what `docker build .` makes.
 *
 * @throws UserError when two stages have one name, or another target starts from `target`.
 * @example
 * export default stack('erlmcp', [dockerfile('Dockerfile', runtime, { targets: [debug] })])
 */
export function dockerfile(
  path: string,
  target: Stage,
  options: DockerfileOptions = {},
): DockerfileSource {
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin: originOf(dockerfile) })
  }
  const { targets = [], args = [], directives, context } = options
  for (const one of [target, ...targets] as readonly unknown[]) {
    if (isBranded(one) && 'instructions' in (one as object)) continue
    refuse(
      `${path}: expected a stage, got ${formatValue(one)}`,
      "Make it with stage('app', 'debian:trixie-slim', [run('true')]).",
    )
  }
  const stages = inOrder(target, targets)
  if (stages.length > mostStages) {
    refuse(
      `${path} has ${stages.length} stages: expected at most ${mostStages}`,
      'Make fewer stages of more instructions, or several Dockerfiles.',
    )
  }
  if (stages.at(-1) !== target) {
    const later = targets.find((one) => reaches(one, target))
    refuse(
      `stage ${target.name} cannot be the last one: ${later?.name} needs it`,
      `Make the last stage of its own: dockerfile(…, stage('default', ${target.name}, [])).`,
    )
  }
  const names = new Map<string, Stage>()
  for (const stage of stages) {
    if (names.has(stage.name)) {
      refuse(`two different stages are called ${stage.name}`, 'Give one of them another name.')
    }
    names.set(stage.name, stage)
  }
  for (const stage of stages) refuseCaptured(stage, names, refuse)
  const data: Dockerfile = Object.freeze({
    ...(directives && { directives }),
    args,
    stages,
    ...(context !== undefined && { context }),
  })
  return Object.freeze({ path, data, documents: () => [{ path, format: dockerfileFormat, data }] })
}

// Judging a file takes time with the square of its stages, and no builder is made for more.
const mostStages = 1000

/** Every stage that the targets reach, each after what it refers to; the first target last. */
function inOrder(target: Stage, others: readonly Stage[]): Stage[] {
  const found = new Set<Stage>()
  // Not by recursion: a chain may be longer than the call stack.
  const visit = (first: Stage) => {
    const open = [first]
    while (open.length > 0) {
      const stage = open.at(-1)!
      const next = found.has(stage) ? [] : stagesOf(stage).filter((one) => !found.has(one))
      if (next.length === 0) found.add(open.pop()!)
      else open.push(...next.toReversed())
    }
  }
  stagesOf(target).forEach(visit)
  others.forEach(visit)
  visit(target)
  return [...found]
}

function reaches(from: Stage, to: Stage): boolean {
  const seen = new Set([from])
  for (const stage of seen) for (const next of stagesOf(stage)) seen.add(next)
  return seen.has(to)
}

// An image or a build context of the name of a stage would silently be that stage.
function refuseCaptured(
  stage: Stage,
  names: ReadonlyMap<string, Stage>,
  refuse: (message: string, hint: string) => never,
): void {
  const written = [
    ...imageOf(stage, literalOf(stage.from)),
    ...stage.instructions.flatMap((one) => {
      if (one.instruction === 'COPY') return imageOf(one as RefersToStages, one.from)
      if (one.instruction === 'RUN') return (one.mounts ?? []).flatMap(imageOfMount)
      return []
    }),
  ]
  const captured = written.find((name) => names.has(name.toLowerCase()))
  if (captured !== undefined) {
    refuse(
      `stage ${stage.name} names ${JSON.stringify(captured)} as an image, and a stage has that name`,
      'Give the stage value itself, or rename the stage.',
    )
  }
}

/** The image that is named, where it is none of the stages that the node refers to. */
function imageOf(node: RefersToStages, from: string | undefined): string[] {
  const meant = (node[STAGES] ?? []).some(({ name }) => name === from)
  return from === undefined || meant ? [] : [from]
}

function imageOfMount(mount: MountValue): string[] {
  return imageOf(mount, 'from' in mount && typeof mount.from === 'string' ? mount.from : undefined)
}
