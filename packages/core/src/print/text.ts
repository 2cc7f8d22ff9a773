import { validateMode } from '../document/artifact.ts'
import type { Document, Format } from '../document/document.ts'
import { originOf } from '../document/origin.ts'
import { UserError } from '../user-error.ts'

/** The comment mark of a text file. */
export type CommentMark = '#' | '%%' | '//' | ';'

/** A script or a configuration file. */
export interface TextFile {
  readonly text: string
  readonly comment?: CommentMark
}

/** Plain text. The header follows a `#!` line, which must stay first. */
export const textFormat: Format<TextFile> = {
  name: 'text',
  rules: [],
  print({ text, comment }, header) {
    const body = text.endsWith('\n') || text === '' ? text : `${text}\n`
    if (comment === undefined) return body
    const lines = header.map((line) => `${comment} ${line}\n`).join('')
    const interpreter = /^#!.*\n/.exec(body)?.[0] ?? ''
    return interpreter + lines + body.slice(interpreter.length)
  },
}

/**
 * A text file as a document.
 *
 * @throws UserError when path or text is not a string, or the mode is invalid
 * @example
 * textFile('config/redis.conf', 'appendonly yes\n', { comment: '#' })
 */
export function textFile(
  path: string,
  text: string,
  options: { readonly comment?: CommentMark; readonly mode?: number } = {},
): Document<TextFile> {
  const { comment, mode } = options
  validateTextFile(path, text)
  if (mode !== undefined) validateMode(path, mode, originOf(textFile))
  return {
    path,
    format: textFormat,
    data: { text, ...(comment && { comment }) },
    ...(mode !== undefined && { mode }),
  }
}

function validateTextFile(path: unknown, text: unknown): void {
  if (typeof path === 'string' && typeof text === 'string') return
  throw new UserError({
    message: `textFile(${JSON.stringify(path)}): expected a string as ${typeof path === 'string' ? 'text' : 'path'}`,
    hint: "Write textFile('path/of/the/file', 'text').",
    origin: originOf(textFile),
  })
}
