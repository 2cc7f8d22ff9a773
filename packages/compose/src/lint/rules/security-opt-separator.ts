import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSecurityOptions } from '../../model/occurrences.ts'

export const securityOptSeparator: Rule<ComposeFile> = {
  id: 'compose/security-opt-separator',
  kind: 'deprecated',
  summary: 'Colon as the separator of a security option',
  why: 'The engine has deprecated the colon and will reject it.',
  hint: 'Write `=` in place of the first `:`.',
  references: ['Docker deprecated features, "separator in --security-opt"'],
  bad: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges:true'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  ...onSecurityOptions((option) =>
    /^[^=]*:/.test(option) ? `writes the security option ${option} with a colon` : undefined,
  ),
}
