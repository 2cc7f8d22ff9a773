import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import type { Place } from '../../model/each-service.ts'
import { linuxServices } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const containerCapabilitiesUnrestricted: Rule<ComposeFile> = {
  id: 'compose/container-capabilities-unrestricted',
  kind: 'insecure',
  summary: 'Default capabilities not dropped',
  why: 'The engine grants root in the container fourteen capabilities; few programs need one.',
  hint: "Write `cap_drop: ['ALL']`, and add the one that the program needs: `cap_add: ['NET_BIND_SERVICE']`.",
  fileHint: 'Write `cap_drop: [ALL]`, and add the one that the program needs.',
  references: ['CIS Docker 5.4', 'KICS "Container Capabilities Unrestricted"'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', cap_drop: ['ALL'] } } },
  *check({ data }) {
    for (const { name, path } of linuxServices(data).filter(keepsCapabilities)) {
      yield { path, message: `${name} keeps the engine's default capabilities` }
    }
  },
}

function keepsCapabilities({ service }: Place): boolean {
  // A privileged container has all of them; its own rule reports it.
  if (resolve(service.privileged) === 'true') return false
  return !service.cap_drop?.some((capability) => capability.toUpperCase() === 'ALL')
}
