import type { Document, Source, StackContext } from '@erlmcp/core'
import { type Origin, UserError } from '@erlmcp/core'
import { type ComposeFile, DIALECT, EFFECTIVE } from '../document.ts'
import { readComposeFile } from '../parse/read-file.ts'
import { validateFile } from '../schema/validate-file.ts'
import { readWithIncludes } from './read-includes.ts'

/** The merged files below an overlay. */
export interface Base {
  /** The first of them. */
  readonly path: string
  readonly file: ComposeFile
  /** Whether all included files could be read, so that there is no other service. */
  readonly complete: boolean
  /** The last of them as a document, where it is of the stack. */
  readonly document?: Document<ComposeFile>
}

/**
 * Reads the base of an overlay: a compose file or another overlay of the stack, or an existing file of
 * the project.
 *
 * @throws UserError for a base that is not a compose file, is a stack file, or cannot be read
 */
export function readBase(
  base: Source | string,
  overlay: string,
  context: StackContext,
  origin: Origin,
): Base {
  if (typeof base === 'string') {
    const file = readComposeFile(base, context)
    if (file) validateBase(file, base)
    if (file) return { path: base, ...readWithIncludes(file, base, context) }
    throw new UserError({
      message: `the overlay ${overlay}: the base ${base} is missing`,
      hint: 'Give the path of a compose file, relative to the project.',
      origin,
    })
  }
  const document = [...base.documents(context)].find(isComposeFile)
  if (!document) {
    throw new UserError({
      message: `the overlay ${overlay}: expected a compose file as base, got another source`,
      hint: "Give the value of compose(…) or overlay(…): overlay('compose.override.yaml', base, […]).",
      origin,
    })
  }
  const { data, path } = document
  if (data[DIALECT]?.name === 'swarm') {
    throw new UserError({
      message: `the overlay ${overlay}: its base ${path} is a stack file, which docker stack deploy merges in another way (\`false\` and 0 never replace a value, lists repeat, tags are ignored)`,
      hint: `Write a complete stack file instead: swarm('${overlay}', [override(app, { … })]).`,
      origin,
    })
  }
  const first = data[EFFECTIVE]?.path ?? path
  const whole = readWithIncludes(data[EFFECTIVE]?.file ?? data, first, context)
  return { path: first, ...whole, document }
}

function isComposeFile(document: Document): document is Document<ComposeFile> {
  return document.format.name === 'compose' || document.format.name === 'compose-overlay'
}

/** @throws UserError for a file that Compose rejects; tags may have removed keys of a base that is an overlay */
function validateBase(file: ComposeFile, path: string): void {
  try {
    validateFile(file)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError({ message: `${path}: ${error.summary}`, hint: error.hint })
  }
}
