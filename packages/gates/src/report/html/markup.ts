import { printable } from '@erlmcp/core'

/** HTML that is safe to put in a page: only {@link markup} makes it. */
export interface Markup {
  readonly html: string
}

type Part = Markup | string | number | undefined | false | readonly Part[]

/**
 * HTML with other texts in it. Whatever is not markup itself is escaped, in text and in quoted
 * attributes alike, so that nothing from a test or a compiler can be more than text.
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
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(shown).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => entities[char]!)
}
