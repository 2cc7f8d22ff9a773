import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { securityOptions } from '../model/occurrences.ts'

export const seccompDefault: Rule<ComposeFile> = {
  id: 'compose/seccomp-default',
  kind: 'breaks',
  summary: 'A seccomp profile named `default`',
  why: 'The engine takes the word for the path of a file and the container does not start.',
  hint: 'Leave it out: the default profile is in force without a word.',
  references: ['Docker "Seccomp security profiles"'],
  appliesTo: ['security_opt'],
  bad: { services: { app: { image: 'app:1', security_opt: ['seccomp=default'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  *check({ data }) {
    for (const [option, uses] of securityOptions(data)) {
      if (option !== 'seccomp=default' && option !== 'seccomp:default') continue
      for (const { place, index } of uses) {
        yield {
          path: [...place.path, 'security_opt', index],
          message: `${place.name} asks for a seccomp profile in a file named "default"`,
        }
      }
    }
  },
}
