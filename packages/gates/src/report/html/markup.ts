import { printable } from '@erlmcp/core'
import { escapeMarkup } from '../escape-markup.ts'

/** Safe HTML, which only {@link markup} creates. */
export interface Markup {
  readonly html: string
}

type Part = Markup | string | number | undefined | false | readonly Part[]

/**
 * HTML with interpolated texts. Everything but markup is escaped, in text and in quoted attributes,
 * since texts come from tests and compilers.
 *
 * @example
 * markup`<p title="${name}">${[markup`<b>${count}</b>`, ' tests']}</p>`
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const html = strings.map((string, at) => string + (at < parts.length ? shown(parts[at]) : ''))
  return { html: html.join('') }
}

function shown(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string') return escapeMarkup(printable(part), /[&<>"']/g)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(shown).join('')
}
