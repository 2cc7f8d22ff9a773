import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { securityOptions } from '../model/occurrences.ts'

export const securityOptSeparator: Rule<ComposeFile> = {
  id: 'compose/security-opt-separator',
  kind: 'deprecated',
  summary: 'A colon between the name and the value of a security option',
  why: 'The engine has deprecated the colon; one day it is refused.',
  hint: 'Write `=` in place of the first `:`.',
  references: ['Docker deprecated features, "separator in --security-opt"'],
  appliesTo: ['security_opt'],
  bad: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges:true'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  *check({ data }) {
    for (const [option, uses] of securityOptions(data)) {
      if (!/^[^=]*:/.test(option)) continue
      for (const { place, index } of uses) {
        yield {
          path: [...place.path, 'security_opt', index],
          message: `${place.name} writes the security option ${option} with a colon`,
        }
      }
    }
  },
}
