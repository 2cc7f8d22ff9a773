import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { securityOptions } from '../model/occurrences.ts'

const off = new Set(
  ['seccomp', 'apparmor', 'systempaths']
    .flatMap((message) => [`${message}:unconfined`, `${message}=unconfined`])
    .concat('label:disable', 'label=disable'),
)

export const confinementOff: Rule<ComposeFile> = {
  id: 'compose/confinement-off',
  kind: 'insecure',
  summary: 'A protection of the kernel that is switched off',
  why: 'Every system call and every path of the kernel is open to the container.',
  hint: 'Remove it: the default profile is in force without a word.',
  references: [
    'CIS Docker 5.2',
    'CIS Docker 5.3',
    'CIS Docker 5.22',
    'KICS "Default Seccomp Profile Disabled"',
  ],
  appliesTo: ['security_opt'],
  bad: { services: { app: { image: 'app:1', security_opt: ['seccomp=unconfined'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  *check({ data }) {
    for (const [option, uses] of securityOptions(data)) {
      if (!off.has(option)) continue
      for (const { place, index } of uses) {
        yield {
          path: [...place.path, 'security_opt', index],
          message: `${place.name} switches off ${option.split(/[:=]/)[0]}`,
        }
      }
    }
  },
}
