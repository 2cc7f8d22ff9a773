import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { fileAt } from '../model/files.ts'
import { securityOptions } from '../model/occurrences.ts'
import { hasVariable } from '../model/resolve.ts'

const builtIn = new Set(['default', 'unconfined', 'builtin', ''])

export const seccompProfileMissing: Rule<ComposeFile> = {
  id: 'compose/seccomp-profile-missing',
  kind: 'invalid',
  summary: 'A seccomp profile that nobody makes',
  why: 'Compose refuses to make the container: "opening seccomp profile failed".',
  hint: 'Add the file to the project, or remove the option: the default profile is in force without it.',
  references: ['Docker "Seccomp security profiles"'],
  appliesTo: ['security_opt'],
  bad: { services: { app: { image: 'app:1', security_opt: ['seccomp=./missing.env'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  *check(document, around) {
    for (const [option, uses] of securityOptions(document.data)) {
      const [, profile] = /^seccomp[=:](.*)$/s.exec(option) ?? []
      if (profile === undefined || builtIn.has(profile) || profile.startsWith('{')) continue
      if (hasVariable(profile) || fileAt(document.path, profile, around) !== 'none') continue
      for (const { place, index } of uses) {
        yield {
          path: [...place.path, 'security_opt', index],
          message: `${place.name} has the seccomp profile ${profile}, which is not there`,
        }
      }
    }
  },
}
