import { basename } from 'node:path'
import { slice, wholeText } from './mapped-text.ts'
import type { ShellTexts } from './workflow.ts'

/** The commands of a `Procfile` (`web: erl …`) or the recipes of a `justfile`. */
export function lineTexts(source: string, path: string): ShellTexts {
  const isProcfile = basename(path).startsWith('Procfile')
  const head = isProcfile ? /^[\w-]+:\s*/ : /^[ \t]+[@-]*/
  const whole = wholeText(source)
  const lines = [...source.matchAll(/(?:\\\r?\n|[^\n])+/g)].flatMap(({ 0: text, index }) => {
    const from = head.exec(text)?.[0].length
    return from === undefined ? [] : [slice(whole, index + from, index + text.length)]
  })
  const texts = lines.map((line) => {
    // just puts the value in before the shell reads the line.
    const text = line.text.replace(/\{\{[^}]*\}\}/g, (all) => '_'.repeat(all.length))
    return { ...line, text, shown: line.text }
  })
  return { texts }
}
