import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSecurityOptions } from '../../model/occurrences.ts'

const off = new Set(
  ['seccomp', 'apparmor', 'systempaths']
    .flatMap((message) => [`${message}:unconfined`, `${message}=unconfined`])
    .concat('label:disable', 'label=disable'),
)

export const confinementOff: Rule<ComposeFile> = {
  id: 'compose/confinement-off',
  kind: 'insecure',
  summary: 'Kernel protection disabled',
  why: 'Every system call and every kernel path is open to the container.',
  hint: 'Remove the option: the default profile applies without it.',
  references: [
    'CIS Docker 5.2',
    'CIS Docker 5.3',
    'CIS Docker 5.22',
    'KICS "Default Seccomp Profile Disabled"',
  ],
  bad: { services: { app: { image: 'app:1', security_opt: ['seccomp=unconfined'] } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  ...onSecurityOptions((option) =>
    off.has(option) ? `disables ${option.split(/[:=]/)[0]}` : undefined,
  ),
}
