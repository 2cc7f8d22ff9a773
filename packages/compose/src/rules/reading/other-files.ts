import type { Document, Surroundings } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'

/** The compose files that come before this one in its stack: a clash is said once, at the later. */
export function* earlierFiles(
  document: Document<ComposeFile>,
  { documents }: Surroundings,
): Iterable<Document<ComposeFile>> {
  for (const other of documents) {
    if (other.path === document.path) return
    if (isCompose(other, document)) yield other
  }
}

function isCompose(
  other: Document,
  document: Document<ComposeFile>,
): other is Document<ComposeFile> {
  return other.format.name === document.format.name
}
