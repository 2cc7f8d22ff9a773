import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { fileAt } from '../../model/files.ts'
import { resolve } from '../../model/resolve.ts'

export const extendsFileMissing: Rule<ComposeFile> = {
  id: 'compose/extends-file-missing',
  kind: 'invalid',
  summary: 'Service that extends a missing file',
  why: 'Compose rejects the file.',
  hint: 'Add the file to the project, or fix its path, which is relative to this file.',
  references: ['Compose spec, extends'],
  bad: { services: { app: { extends: { file: './missing.conf', service: 'base' } } } },
  good: {
    services: { app: { image: 'app:1', extends: { file: './config/base.yaml', service: 'base' } } },
  },
  ...onServicesWith('extends', function* ({ name, service, path }, document, context) {
    if (typeof service.extends !== 'object' || service.extends.file === undefined) return
    const file = resolve(service.extends.file)
    if (fileAt(document.path, file, context) !== 'none') return
    yield {
      path: [...path, 'extends'],
      message: `${name} extends ${service.extends.service} of ${file}, which does not exist`,
    }
  }),
}
