import type { Document, RuleContext } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './each-service.ts'

/** The compose files before this one in its stack: a clash is reported once, at the later file. */
export function* earlierFiles(
  document: Document<ComposeFile>,
  { documents }: RuleContext,
): Iterable<Document<ComposeFile>> {
  for (const other of documents) {
    if (other.path === document.path) return
    if (isCompose(other, document)) yield other
  }
}

/** The images that any file of the stack builds. */
export function builtImages(
  document: Document<ComposeFile>,
  { documents }: RuleContext,
): ReadonlySet<string> {
  const built = new Set<string>()
  for (const file of [document, ...documents]) {
    if (!isCompose(file, document)) continue
    for (const { service } of servicesWith(file.data, 'build')) {
      if (service.image) built.add(service.image)
    }
  }
  return built
}

function isCompose(
  other: Document,
  document: Document<ComposeFile>,
): other is Document<ComposeFile> {
  return other.format.name === document.format.name
}
