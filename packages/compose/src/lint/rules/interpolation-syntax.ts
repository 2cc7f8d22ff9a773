import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { textsWith } from '../../model/texts.ts'

// A variable, an escaped dollar or a plain one (compose-go, template.go). Braces may nest.
const start = /\$(?:\$|\{|[A-Za-z_]|(?=[^{]|$))/g

export const interpolationSyntax: Rule<ComposeFile> = {
  id: 'compose/interpolation-syntax',
  kind: 'invalid',
  summary: 'Invalid interpolation',
  why: 'Compose rejects the file: "invalid interpolation format".',
  hint: "Write env('NAME', 'default') for a variable; any other dollar is literal.",
  fileHint: 'Write ${NAME} or ${NAME:-default}; write $$ for a literal dollar.',
  references: ['Compose spec, "Interpolation"'],
  bad: { services: { app: { image: 'app:1', hostname: '${APP' } } },
  good: { services: { app: { image: 'app:1', hostname: '${APP:-app}' } } },
  *check({ data }) {
    for (const { path, text } of textsWith('${', data)) {
      if (!isBroken(text)) continue
      const message = `${path.join('.')} has the invalid interpolation ${JSON.stringify(text)}`
      yield { path, message }
    }
  },
}

function isBroken(text: string): boolean {
  start.lastIndex = 0
  for (const match of text.matchAll(start)) {
    if (match[0] !== '${') continue
    const rest = text.slice(match.index + 2)
    if (!/^[A-Za-z_][A-Za-z0-9_]*(?:\}|:?[-?+])/.test(rest)) return true
    if (!closes(rest)) return true
  }
  return false
}

/** Whether a brace closes what a `${` before the text has opened. */
function closes(text: string): boolean {
  let depth = 1
  for (let at = 0; at < text.length; at += 1) {
    if (text.startsWith('${', at)) depth += 1
    else if (text[at] === '}') depth -= 1
    if (depth === 0) return true
  }
  return false
}
