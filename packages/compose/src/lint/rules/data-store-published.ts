import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith, pathOfPort } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { includes, isEverywhere } from '../../model/ports.ts'

export const dataStorePublished: Rule<ComposeFile> = {
  id: 'compose/data-store-published',
  kind: 'insecure',
  summary: 'Database or cache published on every interface',
  why: 'Any machine on the network can try passwords, or needs none.',
  hint: 'Remove the port, or bind it to 127.0.0.1.',
  references: ['CIS Docker 5.14'],
  bad: { services: { db: { image: 'postgres:17', ports: ['5432:5432'] } } },
  good: { services: { db: { image: 'postgres:17', ports: ['127.0.0.1:5432:5432'] } } },
  ...onServicesWith('ports', function* (place) {
    if (!place.service.ports) return
    const known = knownImage(place.image)
    if (!known?.isDataStore) return
    for (const port of place.ports) {
      if (!isEverywhere(port) || !known.ports?.some((one) => includes(port.target, one))) continue
      yield {
        path: pathOfPort(place, port),
        message: `${place.name} publishes ${known.title} on every interface of the host`,
      }
    }
  }),
}
