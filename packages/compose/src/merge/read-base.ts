import type { Document, Source, StackContext } from '@erlmcp/core'
import { type Origin, UserError } from '@erlmcp/core'
import { type ComposeFile, DIALECT, EFFECTIVE } from '../document.ts'
import { readComposeFile } from '../parse/read-file.ts'
import { validateFile } from '../schema/validate-file.ts'
import { readWithIncludes } from './read-includes.ts'

/** The files that an overlay is laid over, joined. */
export interface Base {
  /** The first of them. */
  readonly path: string
  readonly file: ComposeFile
  /** Whether all that they include is in it: then they have no other service. */
  readonly complete: boolean
  /** The last of them as a document, where the stack makes it. */
  readonly document?: Document<ComposeFile>
}

/**
 * What an overlay is laid over: a compose file or another overlay of the stack, or a file of the
 * project that the stack does not make.
 *
 * @throws UserError when it makes no compose file, is a stack file, or cannot be read
 */
export function readBase(
  base: Source | string,
  overlay: string,
  context: StackContext,
  origin: Origin,
): Base {
  if (typeof base === 'string') {
    const file = readComposeFile(base, context)
    if (file) refuseInvalid(file, base)
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
      message: `the overlay ${overlay}: its base makes no compose file`,
      hint: "Give what compose(…) or overlay(…) returned: overlay('compose.override.yaml', base, […]).",
      origin,
    })
  }
  const { data, path } = document
  if (data[DIALECT]?.name === 'swarm') {
    throw new UserError({
      message: `the overlay ${overlay}: its base ${path} is a stack file, which docker stack deploy joins in another way (\`false\` and 0 never replace a value, lists repeat, tags are ignored)`,
      hint: `Make a whole stack file instead: swarm('${overlay}', [override(app, { … })]).`,
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

/** @throws UserError for what Compose refuses; a base that is itself an overlay may lack what its tags took */
function refuseInvalid(file: ComposeFile, path: string): void {
  try {
    validateFile(file)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError({ message: `${path}: ${error.summary}`, hint: error.hint })
  }
}
