import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { fileAt } from '../model/files.ts'
import { hasVariable, resolve } from '../model/resolve.ts'

export const labelFileMissing: Rule<ComposeFile> = {
  id: 'compose/label-file-missing',
  kind: 'invalid',
  summary: 'A file of labels that nobody makes',
  why: 'Compose refuses to start anything: "label file not found".',
  hint: 'Add the file to the project, or write its labels under `labels`.',
  references: ['Compose spec, label_file'],
  appliesTo: ['label_file'],
  bad: { services: { app: { image: 'app:1', label_file: './missing.conf' } } },
  good: { services: { app: { image: 'app:1', label_file: './config/app.conf' } } },
  *check(document, around) {
    for (const { name, service, path } of servicesWith(document.data, 'label_file')) {
      for (const file of [service.label_file ?? []].flat()) {
        if (hasVariable(file)) continue
        const source = resolve(file)
        if (fileAt(document.path, source, around) !== 'none') continue
        yield {
          path: [...path, 'label_file'],
          message: `${name} reads labels from ${source}, which is not there`,
        }
      }
    }
  },
}
