import { type Document, formatPath, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, isTypeScript } from '../../model/dialect.ts'
import { isVariableAsText } from '../../model/literals.ts'
import { isKnown, resolve } from '../../model/resolve.ts'
import { isTwin } from '../../model/twins.ts'
import type { ComposeFormat } from '../../schema/facts.ts'
import { valuesWith } from '../../schema/sections.ts'

export const valueFormat: Rule<ComposeFile> = {
  id: 'compose/value-format',
  kind: 'invalid',
  summary: 'Invalid duration, size, port or number',
  why: 'Compose rejects the whole file, or the engine the container.',
  hint: 'Write it in the format of the Compose specification.',
  references: ['Compose spec, "Specifying durations"', 'Compose spec, "Specifying byte values"'],
  bad: { services: { app: { image: 'app:1', stop_grace_period: '10 seconds' } } },
  good: { services: { app: { image: 'app:1', stop_grace_period: '10s' } } },
  *check(document) {
    const isInvalid = findInvalid(document)
    for (const { path, value, schema } of valuesWith(document.data, 'format')) {
      const format = schema.format!
      if (!isInvalid(value, format)) continue
      if (isTwin(document.data, path) || isVariableAsText(document.data, path, value)) continue
      const [section, name, ...keys] = path
      const where = section === 'services' ? '' : `${section}.`
      const message = `${formatPath(keys)} of ${where}${name}: expected ${format.expected}, got ${JSON.stringify(resolve(value))}`
      yield { path, message, hint: helpOf(value, format, document.data) }
    }
  },
}

function helpOf(value: string | number, format: ComposeFormat, data: ComposeFile): string {
  const text = resolve(value)
  const [, name] = /(?<!\$)\$\{(\w+):-\}/.exec(String(value)) ?? []
  if (name !== undefined && !format.accepts('', true)) {
    if (!isTypeScript(data)) return `Give ${name} a default, or write \${${name}:?set ${name}}.`
    return `Give ${name} a default, or write required('${name}', 'set ${name}') in place of env('${name}').`
  }
  return format.advise?.(text) ?? format.hint
}

/** Services of one file have much the same values: each is parsed once. */
function findInvalid(document: Document<ComposeFile>) {
  const inSwarm = isSwarm(document)
  const seen = new Map<ComposeFormat, Set<unknown>>()
  return (value: unknown, format: ComposeFormat): value is string | number => {
    if (typeof value !== 'string' && typeof value !== 'number') return false
    const valid = seen.get(format) ?? new Set()
    seen.set(format, valid)
    if (valid.has(value)) return false
    const text = resolve(value)
    if (isKnown(text) && !format.accepts(text, inSwarm)) return true
    valid.add(value)
    return false
  }
}
