import type { Rule } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import { eachService } from '../../model/each-service.ts'
import { entries } from '../../model/environment.ts'
import { earlierFiles } from '../../model/other-files.ts'

function isLabelled({ labels, deploy }: Service): boolean {
  return isForTraefik(labels) || isForTraefik(deploy?.labels)
}

function isForTraefik(labels: Service['labels']): boolean {
  return labels !== undefined && entries(labels).some(({ name }) => name.startsWith('traefik.'))
}

export const labelsWithoutProxy: Rule<ComposeFile> = {
  id: 'compose/labels-without-proxy',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Traefik labels without Traefik',
  why: 'No proxy routes requests to the service.',
  hint: 'Add Traefik to the stack, or remove the labels.',
  references: ['Traefik "Docker provider"'],
  bad: { services: { app: { image: 'app:1', labels: { 'traefik.enable': 'true' } } } },
  good: { services: { app: { image: 'app:1' }, proxy: { image: 'traefik:3.3' } } },
  *check(document, context) {
    const proxied = eachService(document.data).filter(({ service }) => isLabelled(service))
    if (proxied.length === 0) return
    const files = [document, ...earlierFiles(document, context)]
    const hasProxy = files.some((file) =>
      eachService(file.data).some(({ image }) => image.base === 'traefik'),
    )
    if (hasProxy) return
    for (const { name, path } of proxied) {
      yield { path, message: `${name} has Traefik labels, but the stack has no Traefik service` }
    }
  },
}
