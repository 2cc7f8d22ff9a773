import { basename } from 'node:path'
import { slice, wholeText } from './mapped-text.ts'
import { type ShellTexts, withPlaceholders } from './shell-texts.ts'

/** The commands of a `Procfile` (`web: erl …`) or the recipes of a `justfile`. */
export function lineFileTexts(source: string, path: string): ShellTexts {
  const isProcfile = basename(path).startsWith('Procfile')
  const prefix = isProcfile ? /^[\w-]+:\s*/ : /^[ \t]+[@-]*/
  const whole = wholeText(source)
  const lines = [...source.matchAll(/(?:\\\r?\n|[^\n])+/g)].flatMap(({ 0: text, index }) => {
    const from = prefix.exec(text)?.[0].length
    return from === undefined ? [] : [slice(whole, index + from, index + text.length)]
  })
  return { texts: lines.map((line) => withPlaceholders(line, /\{\{[^}]*\}\}/g)) }
}
