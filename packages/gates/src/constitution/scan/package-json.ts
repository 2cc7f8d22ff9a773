import { isMap, isScalar, parseDocument } from 'yaml'
import { align, slice, wholeText } from './mapped-text.ts'
import { type ShellTexts, unreadableIn } from './workflow.ts'

/** The scripts of a `package.json`. JSON is YAML, whose reader knows the places. */
export function packageTexts(source: string): ShellTexts {
  const document = parseDocument(source, { logLevel: 'silent', uniqueKeys: false })
  const scripts = document.get('scripts')
  if (!isMap(scripts)) return { texts: [], ...unreadableIn(document) }
  const whole = wholeText(source)
  const texts = scripts.items.flatMap(({ value }) => {
    if (!isScalar(value) || typeof value.value !== 'string' || !value.range) return []
    const [from, to] = value.range
    // Within the quotes.
    return [align(value.value, slice(whole, from + 1, to))]
  })
  return { texts, ...unreadableIn(document) }
}
