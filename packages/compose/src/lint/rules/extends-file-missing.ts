import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { fileAt } from '../model/files.ts'
import { resolve } from '../model/resolve.ts'

export const extendsFileMissing: Rule<ComposeFile> = {
  id: 'compose/extends-file-missing',
  kind: 'invalid',
  summary: 'A service that extends one of a missing file',
  why: 'Compose refuses the file.',
  hint: 'Add the file to the project, or fix its path, which begins at the folder of this file.',
  references: ['Compose spec, extends'],
  appliesTo: ['extends'],
  bad: { services: { app: { extends: { file: './missing.conf', service: 'base' } } } },
  good: {
    services: { app: { image: 'app:1', extends: { file: './config/base.yaml', service: 'base' } } },
  },
  *check(document, around) {
    for (const { name, service, path } of servicesWith(document.data, 'extends')) {
      if (typeof service.extends !== 'object' || service.extends.file === undefined) continue
      const file = resolve(service.extends.file)
      if (fileAt(document.path, file, around) !== 'none') continue
      yield {
        path: [...path, 'extends'],
        message: `${name} extends ${service.extends.service} of ${file}, which is missing`,
      }
    }
  },
}
