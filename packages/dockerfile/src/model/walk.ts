import type { Path } from '@erlmcp/core'
import type { Instruction } from '../schema/document.gen.ts'
import type { Dockerfile, StageNode } from '../schema/document.ts'
import { literalOf } from '../values/text.ts'

type Named<K extends Instruction['instruction']> = Extract<Instruction, { instruction: K }>

/** An instruction and its place. */
export interface Place<I extends Instruction = Instruction> {
  readonly node: I
  readonly path: Path
  readonly stage: StageNode
  /** Index of its stage in the file, and of the instruction in its stage. */
  readonly at: readonly [stage: number, instruction: number]
}

/** Every instruction with one of these names, in the order of the file, including those in ONBUILD. */
export function* each<K extends Instruction['instruction']>(
  file: Dockerfile,
  ...names: readonly K[]
): Iterable<Place<Named<K>>> {
  for (const place of everyInstruction(file)) {
    if ((names as readonly string[]).includes(place.node.instruction)) {
      yield place as Place<Named<K>>
    }
  }
}

/** Every instruction of the file in order. ONBUILD is followed by its trigger. */
export function* everyInstruction(file: Dockerfile): Iterable<Place> {
  for (const [s, stage] of file.stages.entries()) {
    for (const [i, node] of stage.instructions.entries()) {
      const path = ['stages', s, 'instructions', i]
      yield { node, path, stage, at: [s, i] }
      if (node.instruction === 'ONBUILD') {
        yield { node: node.trigger, path: [...path, 'trigger'], stage, at: [s, i] }
      }
    }
  }
}

/** Index of the last stage with this name before the stage `before`. */
export function stageNamed(file: Dockerfile, name: string, before: number): number | undefined {
  const lower = name.toLowerCase()
  for (let s = before - 1; s >= 0; s--) {
    if (file.stages[s]?.name?.toLowerCase() === lower) return s
  }
  return undefined
}

/** The stage and its base stages in this file, the first one first. */
export function lineage(file: Dockerfile, stage: number): number[] {
  const found = [stage]
  for (let at: number | undefined = stage; at !== undefined; ) {
    const base = literalOf(file.stages[at]?.from ?? '')
    at = base === undefined ? undefined : stageNamed(file, base, at)
    if (at !== undefined) found.push(at)
  }
  return found.toReversed()
}

/** The instructions before an instruction, including those of its base stages. */
export function history(file: Dockerfile, [stage, index]: Place['at']): Instruction[] {
  return lineage(file, stage).flatMap((s) => {
    const { instructions } = file.stages[s]!
    return s === stage ? instructions.slice(0, index) : [...instructions]
  })
}

/** All instructions of a stage and its base stages. */
export function wholeStage(file: Dockerfile, stage: number): Instruction[] {
  return history(file, [stage, file.stages[stage]?.instructions.length ?? 0])
}

/** Every image that the file refers to, with its path. Stages are left out. */
export function* images(file: Dockerfile): Iterable<{ name: string; path: Path }> {
  for (const [s, stage] of file.stages.entries()) {
    const base = literalOf(stage.from)
    if (base !== undefined && base !== 'scratch' && stageNamed(file, base, s) === undefined) {
      yield { name: base, path: ['stages', s, 'from'] }
    }
  }
  for (const { node, path, at } of each(file, 'COPY', 'RUN')) {
    const froms =
      node.instruction === 'COPY'
        ? [{ from: node.from, key: ['from'] }]
        : (node.mounts ?? []).map((mount, m) => ({
            from: 'from' in mount ? mount.from : undefined,
            key: ['mounts', m, 'from'],
          }))
    for (const { from, key } of froms) {
      // A bare word is a stage or a named build context; only a tag or a digest makes it an image.
      if (from !== undefined && /[:@/]/.test(from) && stageNamed(file, from, at[0]) === undefined) {
        yield { name: from, path: [...path, ...key] }
      }
    }
  }
}
