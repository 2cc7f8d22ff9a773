import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import type { Place } from '../../model/each-service.ts'
import { linuxServices } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { resolve } from '../../model/resolve.ts'
import { hasNoNewPrivileges } from '../../model/security.ts'

export const noNewPrivilegesNotSet: Rule<ComposeFile> = {
  id: 'compose/no-new-privileges-not-set',
  kind: 'insecure',
  summary: 'no-new-privileges not set',
  why: 'A setuid program in the image turns any user of the container into root.',
  hint: "Write `security_opt: ['no-new-privileges=true']`, or leave `security_opt` out.",
  fileHint: 'Add `no-new-privileges=true` to `security_opt`.',
  references: [
    'CIS Docker 5.26',
    'KICS "No New Privileges Not Set"',
    'KICS "Security Opt Not Set"',
  ],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', security_opt: ['no-new-privileges=true'] } } },
  *check(document) {
    // A swarm ignores the option.
    if (isSwarm(document)) return
    for (const { name, path } of linuxServices(document.data).filter(mayGain)) {
      yield { path, message: `${name} can gain new privileges` }
    }
  },
}

function mayGain({ service, image }: Place): boolean {
  // A privileged container has every right; its own rule reports it.
  if (resolve(service.privileged) === 'true') return false
  return !hasNoNewPrivileges(service) && !knownImage(image)?.gainsPrivileges
}
