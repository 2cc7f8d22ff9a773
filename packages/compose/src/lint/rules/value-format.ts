import type { Document, Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import type { Form } from '../../form.ts'
import { shapedValues } from '../../walk-shape.ts'
import { isSwarm, isTypeScript } from '../model/dialect.ts'
import { isVariableAsText } from '../model/literals.ts'
import { isKnown, resolve } from '../model/resolve.ts'
import { isTwin } from '../model/twins.ts'

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
    const reads = judge(document)
    for (const { path, value, shape } of shapedValues(document.data, 'form')) {
      const form = shape.form!
      if ((typeof value !== 'string' && typeof value !== 'number') || reads(value, form)) continue
      if (isTwin(document.data, path) || isVariableAsText(document.data, path, value)) continue
      const [section, name, ...keys] = path
      const where = section === 'services' ? '' : `${section}.`
      const message = `${keys.join('.')} of ${where}${name} is ${JSON.stringify(resolve(value))}, which is not ${form.said}`
      yield { path, message, hint: helpOf(value, form, document.data) }
    }
  },
}

function helpOf(value: string | number, form: Form, data: ComposeFile): string {
  const text = resolve(value)
  const [, name] = /(?<!\$)\$\{(\w+):-\}/.exec(String(value)) ?? []
  if (name !== undefined && !form.reads('', true)) {
    if (!isTypeScript(data)) return `Give ${name} a default, or write \${${name}:?set ${name}}.`
    return `Give ${name} a default, or write required('${name}', 'set ${name}') in place of env('${name}').`
  }
  return form.advise?.(text) ?? form.hint
}

/** Services of one file say much the same: each value is looked at once. */
function judge(document: Document<ComposeFile>): (value: string | number, form: Form) => boolean {
  const inSwarm = isSwarm(document)
  const seen = new Map<Form, Set<string | number>>()
  return (value, form) => {
    const fine = seen.get(form) ?? new Set()
    seen.set(form, fine)
    if (fine.has(value)) return true
    const text = resolve(value)
    if (isKnown(text) && !form.reads(text, inSwarm)) return false
    fine.add(value)
    return true
  }
}
