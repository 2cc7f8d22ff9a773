import type { ShellWord } from './shell-word.ts'
import { wrappers } from './wrappers.ts'

/** The words of the program that a wrapper runs, or undefined where it is none. */
export function behindWrapper(
  program: string,
  words: readonly ShellWord[],
): ShellWord[] | undefined {
  const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined
  if (!wrapper) return undefined
  // These only look for a program.
  if (program === 'command' && /^-[vV]/.test(words[0]?.value ?? '')) return undefined
  let rest = [...words]
  if (wrapper.after) {
    const at = rest.findIndex(({ value }) => wrapper.after!.test(value))
    return at < 0 ? undefined : rest.slice(at + 1)
  }
  if (wrapper.first) {
    if (!wrapper.first.test(rest[0]?.value ?? '')) return undefined
    const dashes = rest.findIndex(({ value }) => value === '--')
    rest = rest.slice(dashes < 0 ? 1 : dashes + 1)
  }
  while (rest[0] && /^-/.test(rest[0].value)) {
    const isLast = rest[0].value === '--'
    rest = rest.slice(wrapper.valued?.test(rest[0].value) ? 2 : 1)
    if (isLast) break
  }
  const isBehindDashes = wrapper.first && words.some(({ value }) => value === '--')
  if (wrapper.before && !isBehindDashes) {
    rest = rest.slice(wrapper.before)
    while (rest[0]?.value.startsWith('-')) rest = rest.slice(1)
  }
  const start = rest.findIndex(({ value }) => !/^[A-Za-z_]\w*=/.test(value))
  return start < 0 ? [] : rest.slice(start)
}
