import {
  type Document,
  type Format,
  formatValue,
  isBranded,
  originOf,
  type Source,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import { lint } from '../lint/load.ts'
import { print } from '../print/print.ts'
import type { Arg } from '../schema/document.gen.ts'
import type { Directives, Dockerfile } from '../schema/document.ts'
import type { MountValue } from './reference.ts'
import { type RefersToStages, STAGES, type Stage } from './reference.ts'
import { stagesOf } from './stage.ts'
import { literalOf } from './text.ts'

/** The Dockerfile language as a format of documents. */
export const dockerfileFormat: Format<Dockerfile> = {
  name: 'dockerfile',
  rules: () => lint().rules,
  print,
}

const { anyList, boolean, list, object, oneOf, string, union } = schema
const checks = union(list(string), oneOf('all'))
const optionsSchema = object<DockerfileOptions>({
  targets: anyList,
  args: anyList,
  directives: object<Directives>({
    syntax: string,
    escape: oneOf('\\', '`'),
    check: object<NonNullable<Directives['check']>>({
      skip: checks,
      error: boolean,
      experimental: checks,
    }),
  }),
  context: string,
})

/** Options of `dockerfile`. */
export interface DockerfileOptions {
  /** Other stages for `docker build --target`. The stages that they refer to are included. */
  readonly targets?: readonly Stage[]
  /** ARG instructions before the first FROM, for use in FROM. */
  readonly args?: readonly Arg[]
  /** Parser directives. Default: none. */
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
 * dependencies first, and `target` last, so that `docker build .` builds it.
 *
 * @throws UserError when two stages have the same name, another target starts from `target`, or an
 *   option is invalid
 * @example
 * export default stack('erlmcp', [dockerfile('Dockerfile', runtime, { targets: [debug] })])
 */
export function dockerfile(
  path: string,
  target: Stage,
  options: DockerfileOptions = {},
): DockerfileSource {
  const reject = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin: originOf(dockerfile) })
  }
  validateOptions('dockerfile', options, optionsSchema, originOf(dockerfile))
  const { targets = [], args = [], directives, context } = options
  for (const one of [target, ...targets] as readonly unknown[]) {
    if (isBranded(one) && 'instructions' in (one as object)) continue
    reject(
      `${path}: expected a stage, got ${formatValue(one)}`,
      "Create it with stage('app', 'debian:trixie-slim', [run('true')]).",
    )
  }
  const stages = sortStages(target, targets)
  if (stages.length > mostStages) {
    reject(
      `${path} has ${stages.length} stages: expected at most ${mostStages}`,
      'Merge stages, or split the file.',
    )
  }
  if (stages.at(-1) !== target) {
    const later = targets.find((one) => reaches(one, target))
    reject(
      `stage ${target.name} cannot be the last one: ${later?.name} needs it`,
      `Add a last stage: dockerfile(…, stage('default', ${target.name}, [])).`,
    )
  }
  const names = new Map<string, Stage>()
  for (const stage of stages) {
    if (names.has(stage.name)) {
      reject(`two stages are named ${stage.name}`, 'Rename one of them.')
    }
    names.set(stage.name, stage)
  }
  for (const stage of stages) validateImageNames(stage, names, reject)
  const data: Dockerfile = Object.freeze({
    ...(directives && { directives }),
    args,
    stages,
    ...(context !== undefined && { context }),
  })
  return Object.freeze({ path, data, documents: () => [{ path, format: dockerfileFormat, data }] })
}

// The time of lint grows with the square of the stages, and a builder cannot handle more.
const mostStages = 1000

/** Every stage that the targets reach, after the stages it refers to; the first target last. */
function sortStages(target: Stage, others: readonly Stage[]): Stage[] {
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

// The builder takes an image or a build context with the name of a stage for that stage.
function validateImageNames(
  stage: Stage,
  names: ReadonlyMap<string, Stage>,
  reject: (message: string, hint: string) => never,
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
    reject(
      `stage ${stage.name}: the image ${JSON.stringify(captured)} has the name of a stage`,
      'Pass the stage value, or rename the stage.',
    )
  }
}

/** The name, unless it is that of a stage which the node refers to. */
function imageOf(node: RefersToStages, from: string | undefined): string[] {
  const meant = (node[STAGES] ?? []).some(({ name }) => name === from)
  return from === undefined || meant ? [] : [from]
}

function imageOfMount(mount: MountValue): string[] {
  return imageOf(mount, 'from' in mount && typeof mount.from === 'string' ? mount.from : undefined)
}
