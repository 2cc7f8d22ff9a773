import { UserError } from '../user-error.ts'

/**
 * A text as one word of a POSIX shell (POSIX 2.2.2, single quotes).
 *
 * @throws UserError for a NUL byte, which an argument cannot contain
 * @example shellWord("it's") // 'it'\''s'
 */
export function shellWord(text: string): string {
  if (text.includes('\0')) {
    throw new UserError({
      message: `${JSON.stringify(text)} has a NUL byte, which an argument cannot contain`,
      hint: 'Remove the NUL byte.',
    })
  }
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
