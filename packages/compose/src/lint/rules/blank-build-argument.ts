import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { entries } from '../model/environment.ts'

export const blankBuildArgument: Rule<ComposeFile> = {
  id: 'compose/blank-build-argument',
  kind: 'breaks',
  severity: 'note',
  summary: 'A build argument that is blank unless somebody sets it',
  why: 'The image says nothing of what it was made from, and nobody notices.',
  hint: "Give it a default, `env('NAME', 'none')`, or require it, `required('NAME', 'what it is for')`.",
  fileHint: 'Give it a default, or require it: `${NAME:?}`.',
  references: ['Compose spec, "Interpolation"'],
  appliesTo: ['build'],
  bad: { services: { app: { build: { context: '.', args: { BUILD_DATE: '${BUILD_DATE}' } } } } },
  good: { services: { app: { build: { context: '.', args: { BUILD_DATE: '${BUILD_DATE:?}' } } } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'build')) {
      if (typeof service.build !== 'object' || !service.build.args) continue
      for (const { key, name: argument, value } of entries(service.build.args)) {
        if (value === null || !/^\$(?:\w+|\{\w+(?::?-)?\})$/.test(value)) continue
        yield {
          path: [...path, 'build', 'args', key],
          message: `${argument} of ${name} is blank when nobody sets it`,
        }
      }
    }
  },
}
