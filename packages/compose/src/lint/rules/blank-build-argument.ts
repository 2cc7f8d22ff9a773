import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { entries } from '../../model/environment.ts'

export const blankBuildArgument: Rule<ComposeFile> = {
  id: 'compose/blank-build-argument',
  kind: 'breaks',
  severity: 'note',
  summary: 'Build argument that is empty unless a variable is set',
  why: 'The image does not record what it was built from, and the build does not report it.',
  hint: "Give it a default, `env('NAME', 'none')`, or require it, `required('NAME', 'what it is for')`.",
  fileHint: 'Give it a default, or require it: `${NAME:?}`.',
  references: ['Compose spec, "Interpolation"'],
  bad: { services: { app: { build: { context: '.', args: { BUILD_DATE: '${BUILD_DATE}' } } } } },
  good: { services: { app: { build: { context: '.', args: { BUILD_DATE: '${BUILD_DATE:?}' } } } } },
  ...onServicesWith('build', function* ({ name, service, path }) {
    if (typeof service.build !== 'object' || !service.build.args) return
    for (const { key, name: argument, value } of entries(service.build.args)) {
      if (value === null || !/^\$(?:\w+|\{\w+(?::?-)?\})$/.test(value)) continue
      yield {
        path: [...path, 'build', 'args', key],
        message: `${argument} of ${name} is empty when the variable is not set`,
      }
    }
  }),
}
