import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { fileAt } from '../../model/files.ts'
import { hasVariable, resolve } from '../../model/resolve.ts'

const isDotenv = (path: string) => /(?:^|\/)\.env(?:\.[^/]+)?$/.test(path)

export const envFileMissing: Rule<ComposeFile> = {
  id: 'compose/env-file-missing',
  kind: 'invalid',
  summary: 'Missing env_file',
  why: 'Compose refuses to start the project: "env file not found".',
  hint: "Add the file to the project, or write `env_file: [{ path: './.env', required: false }]`.",
  fileHint: 'Add the file to the project, or write `required: false`.',
  references: ['Compose spec, env_file'],
  bad: { services: { app: { image: 'app:1', env_file: './missing.env' } } },
  good: {
    services: { app: { image: 'app:1', env_file: [{ path: './missing.env', required: false }] } },
  },
  ...onServicesWith('env_file', function* ({ name, service, path }, document, context) {
    const files = service.env_file
    if (files === undefined) return
    for (const [index, file] of [files].flat().entries()) {
      if (typeof file === 'object' && resolve(file.required) === 'false') continue
      const written = typeof file === 'object' ? file.path : file
      const source = resolve(written)
      if (hasVariable(written) || fileAt(document.path, source, context) !== 'none') continue
      yield {
        path: typeof files === 'string' ? [...path, 'env_file'] : [...path, 'env_file', index],
        message: `${name} reads variables from ${source}, which does not exist`,
        // `.env` is not part of a project: each machine has its own.
        ...(isDotenv(source) && { severity: 'note' as const }),
      }
    }
  }),
}
