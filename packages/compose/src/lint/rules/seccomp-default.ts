import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSecurityOptions } from '../../model/occurrences.ts'

export const seccompDefault: Rule<ComposeFile> = {
  id: 'compose/seccomp-default',
  kind: 'breaks',
  summary: 'Seccomp profile named `default`',
  why: 'The engine reads the value as the path of a file, and the container does not start.',
  hint: 'Remove it: the default profile applies without the option.',
  references: ['Docker "Seccomp security profiles"'],
  bad: { services: { app: { image: 'app:1', security_opt: ['seccomp=default'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  ...onSecurityOptions((option) =>
    /^seccomp[=:]default$/.test(option)
      ? 'asks for a seccomp profile in a file named "default"'
      : undefined,
  ),
}
