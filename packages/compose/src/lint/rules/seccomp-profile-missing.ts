import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { fileAt } from '../../model/files.ts'
import { onSecurityOptions } from '../../model/occurrences.ts'
import { hasVariable } from '../../model/resolve.ts'

const builtIn = new Set(['default', 'unconfined', 'builtin', ''])

export const seccompProfileMissing: Rule<ComposeFile> = {
  id: 'compose/seccomp-profile-missing',
  kind: 'invalid',
  summary: 'Missing seccomp profile',
  why: 'The engine cannot create the container: "opening seccomp profile failed".',
  hint: 'Add the file to the project, or remove the option: the default profile applies without it.',
  references: ['Docker "Seccomp security profiles"'],
  bad: { services: { app: { image: 'app:1', security_opt: ['seccomp=./missing.env'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  ...onSecurityOptions((option, { path }, context) => {
    const [, profile] = /^seccomp[=:](.*)$/s.exec(option) ?? []
    if (profile === undefined || builtIn.has(profile) || profile.startsWith('{')) return undefined
    if (hasVariable(profile) || fileAt(path, profile, context) !== 'none') return undefined
    return `has the seccomp profile ${profile}, which does not exist`
  }),
}
