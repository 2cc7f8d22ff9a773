import { UserError } from './user-error.ts'

/**
 * A text as one word of a POSIX shell (POSIX 2.2.2, single quotes), whatever is in it.
 *
 * @throws UserError for a NUL byte, which no argument can hold
 * @example shellWord("it's") // 'it'\''s'
 */
export function shellWord(text: string): string {
  if (text.includes('\0')) {
    throw new UserError({
      message: `${JSON.stringify(text)} has a NUL byte, which no command can receive`,
      hint: 'Take it out.',
    })
  }
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
