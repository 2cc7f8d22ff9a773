import { parseExpression } from '../expression/parse.ts'
import { scan } from '../expression/scan.ts'
import type { WorkflowFile } from '../schema/document.gen.ts'
import { inputOf, type UsePlace, usesOf } from './jobs.ts'

/** A step that uploads an artifact. */
export interface Upload {
  readonly place: UsePlace
  /** With its expressions. */
  readonly name: string
}

/** Every step that uploads an artifact with the official action. */
export function uploadsOf(data: WorkflowFile): readonly Upload[] {
  return usesOf(data).flatMap((place) => {
    const { action, ref } = place.uses
    // Before version 4, uploads under one name were merged.
    if (action !== 'actions/upload-artifact' || /^v[123](?:\.|$)/.test(ref)) return []
    if (typeof place.step.with === 'string' || String(inputOf(place, 'overwrite')) === 'true')
      return []
    return [{ place, name: nameOf(place) }]
  })
}

/** The name that a step uploads under: without an archive that of its file. */
export function nameOf(place: UsePlace): string {
  const isFile = String(inputOf(place, 'archive')) === 'false'
  if (isFile) return String(inputOf(place, 'path')).replace(/^.*\//s, '')
  return String(inputOf(place, 'name') ?? 'artifact')
}

/** The names that a text with expressions may become. */
export function namesOf(text: string): RegExp {
  const parts = scan(text).map((piece) => {
    if (piece.kind === 'text') return escapeRegExp(piece.text)
    try {
      const node = parseExpression(piece.text)
      return node.kind === 'literal' ? escapeRegExp(String(node.value)) : '.*'
    } catch {
      return '.*'
    }
  })
  return new RegExp(`^${parts.join('')}$`, 's')
}

/** A glob of `download-artifact` as a regular expression. */
export function globOf(glob: string): RegExp {
  const parts = glob
    .split(/(\*+|\?|\{[^}]*\})/)
    .map((part, index) =>
      index % 2 === 0
        ? escapeRegExp(part)
        : part === '?'
          ? '.'
          : part.startsWith('{')
            ? `(?:${part.slice(1, -1).split(',').map(escapeRegExp).join('|')})`
            : '.*',
    )
  return new RegExp(`^${parts.join('')}$`, 's')
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
