import type { Rule } from '@erlmcp/core'
import { type ComposeFile, SUPPLIED } from '../../document.ts'
import { fileAt } from '../model/files.ts'
import { hasVariable, resolve } from '../model/resolve.ts'

export const definitionFileMissing: Rule<ComposeFile> = {
  id: 'compose/definition-file-missing',
  kind: 'breaks',
  summary: 'A secret or config whose file nobody makes',
  why: 'The container does not start: the file cannot be mounted.',
  hint: 'Let the stack or `erlmcp secrets init` make the file, or add it to the project.',
  references: ['Compose spec, secrets and configs'],
  appliesTo: ['secrets', 'configs'],
  bad: {
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { file: './config/missing.conf' } },
  },
  good: {
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { file: './config/app.conf' } },
  },
  *check(document, around) {
    for (const section of ['secrets', 'configs'] as const) {
      for (const [name, definition] of Object.entries(document.data[section] ?? {})) {
        if (hasVariable(definition.file) || SUPPLIED in definition) continue
        const file = resolve(definition.file)
        if (fileAt(document.path, file, around) !== 'none') continue
        yield {
          path: [section, name, 'file'],
          message: `${name} is read from ${file}, which is neither in the project nor made by the stack`,
        }
      }
    }
  },
}
