import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { fileAt } from '../../model/files.ts'
import { hasVariable, resolve } from '../../model/resolve.ts'

export const labelFileMissing: Rule<ComposeFile> = {
  id: 'compose/label-file-missing',
  kind: 'invalid',
  summary: 'Missing label_file',
  why: 'Compose refuses to start the project: "label file not found".',
  hint: 'Add the file to the project, or write its labels under `labels`.',
  references: ['Compose spec, label_file'],
  bad: { services: { app: { image: 'app:1', label_file: './missing.conf' } } },
  good: { services: { app: { image: 'app:1', label_file: './config/app.conf' } } },
  ...onServicesWith('label_file', function* ({ name, service, path }, document, context) {
    for (const file of [service.label_file ?? []].flat()) {
      if (hasVariable(file)) continue
      const source = resolve(file)
      if (fileAt(document.path, source, context) !== 'none') continue
      yield {
        path: [...path, 'label_file'],
        message: `${name} reads labels from ${source}, which does not exist`,
      }
    }
  }),
}
