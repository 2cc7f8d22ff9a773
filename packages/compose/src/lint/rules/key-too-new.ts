import type { Rule } from '@erlmcp/core'
import { type ComposeFile, DIALECT, defaultTarget } from '../../document.ts'
import { valuesWith } from '../../schema/sections.ts'

const programs = { compose: 'Docker Compose', engine: 'Docker engine' } as const

export const keyTooNew: Rule<ComposeFile> = {
  id: 'compose/key-too-new',
  kind: 'invalid',
  summary: 'Key that needs a newer Compose or engine',
  why: 'An older version rejects the file, or ignores the key.',
  hint: 'Remove the key, or set the option `target` to the version that reads the file.',
  references: ['Compose spec, JSON schema', 'compose-go, releases'],
  bad: { services: { app: { image: 'app:1', pre_start: [{ command: ['migrate'] }] } } },
  good: {
    services: { app: { image: 'app:1', pre_start: [{ command: ['migrate'] }] } },
    [DIALECT]: { name: 'compose', changes: [], target: { compose: '5.3' } },
  },
  *check({ data }) {
    const target = { ...defaultTarget, ...data[DIALECT]?.target }
    for (const { path, value, schema } of valuesWith(data, 'requires')) {
      for (const program of ['compose', 'engine'] as const) {
        const needed = schema.requires?.[program]
        if (value === undefined || needed === undefined || !isOlder(target[program], needed))
          continue
        const [section, name, ...keys] = path
        const where = [...(section === 'services' ? [] : [section]), name].join('.')
        yield {
          path,
          message: `${keys.join('.')} of ${where} needs ${programs[program]} ${needed}, but the file is for ${target[program]}`,
          hint: `Remove the key, or set the version that reads the file: target: { ${program}: '${needed}' }.`,
        }
      }
    }
  },
}

/** Whether a version is older than another; a missing part counts as the newest. */
function isOlder(version: string, needed: string): boolean {
  const [have, want] = [version, needed].map((text) => text.split('.').map(Number))
  for (const [index, part] of want!.entries()) {
    const own = have![index]
    if (own === undefined) return false
    if (own !== part) return own < part
  }
  return false
}
