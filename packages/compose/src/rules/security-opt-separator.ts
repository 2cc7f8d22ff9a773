import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { servicesWith } from './reading/each-service.ts'

export const securityOptSeparator: Rule<ComposeFile> = {
  id: 'compose/security-opt-separator',
  kind: 'deprecated',
  summary: 'A colon between the name and the value of a security option',
  why: 'The engine has deprecated the colon; one day it is refused.',
  help: 'Write `=` in place of the first `:`.',
  references: ['Docker deprecated features, "separator in --security-opt"'],
  bad: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges:true'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'security_opt')) {
      for (const [index, option] of (service.security_opt ?? []).entries()) {
        const colon = option.indexOf(':')
        if (colon < 0 || option.slice(0, colon).includes('=')) continue
        yield {
          path: [...path, 'security_opt', index],
          message: `${name} writes the security option ${option} with a colon`,
        }
      }
    }
  },
}
