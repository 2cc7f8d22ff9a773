import { posix } from 'node:path'
import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { fileAt } from '../model/files.ts'
import { resolve } from '../model/resolve.ts'

export const dockerfileMissing: Rule<ComposeFile> = {
  id: 'compose/dockerfile-missing',
  kind: 'breaks',
  summary: 'A service is built from a Dockerfile that nobody makes',
  why: 'The build ends with "failed to read dockerfile".',
  hint: 'Name the image among the sources of the stack, as in stack(name, [image, …]), or write the file.',
  references: ['Compose build spec, dockerfile'],
  appliesTo: ['build'],
  bad: { services: { app: { image: 'app:1', build: { dockerfile: './missing.conf' } } } },
  good: { services: { app: { image: 'app:1', build: { dockerfile: './config/app.conf' } } } },
  *check(document, around) {
    for (const { name, service, path } of servicesWith(document.data, 'build')) {
      const { build = {} } = service
      const { context, dockerfile, dockerfile_inline } =
        typeof build === 'string' ? { context: build } : build
      // A context with a scheme, or behind a variable, is somewhere else.
      const folder = resolve(context ?? '.')
      if (dockerfile_inline !== undefined || /^[\w.+-]+:|^git@/.test(folder)) continue
      const file = posix.join(folder, resolve(dockerfile ?? 'Dockerfile'))
      if (fileAt(document.path, file, around) !== 'none') continue
      yield {
        path: [...path, 'build'],
        message: `${name} is built from ${file}, which is neither in the project nor made by the stack`,
      }
    }
  },
}
