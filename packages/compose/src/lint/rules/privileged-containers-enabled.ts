import type { Rule } from '@erlmcp/core'
import type { BooleanLike, ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const privilegedContainersEnabled: Rule<ComposeFile> = {
  id: 'compose/privileged-containers-enabled',
  kind: 'insecure',
  summary: 'Privileged container',
  why: 'It can do anything that root on the host can.',
  hint: 'Remove `privileged`, and add the one capability or device that the program needs.',
  references: ['CIS Docker 5.5', 'CIS Docker 5.23', 'KICS "Privileged Containers Enabled"'],
  appliesTo: ['privileged', 'post_start', 'pre_start', 'pre_stop'],
  bad: { services: { app: { image: 'app:1', privileged: true } } },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'privileged')) {
      if (!isOn(service.privileged)) continue
      yield { path: [...path, 'privileged'], message: `${name} is privileged` }
    }
    for (const key of ['post_start', 'pre_start', 'pre_stop'] as const) {
      for (const { name, service, path } of servicesWith(data, key)) {
        for (const [index, hook] of (service[key] ?? []).entries()) {
          if (!isOn(hook.privileged)) continue
          yield {
            path: [...path, key, index, 'privileged'],
            message: `a ${key} of ${name} is privileged`,
          }
        }
      }
    }
  },
}

function isOn(value: BooleanLike | undefined): boolean {
  return value !== undefined && resolve(value) !== 'false'
}
