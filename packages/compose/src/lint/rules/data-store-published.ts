import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { pathOfPort, servicesWith } from '../model/each-service.ts'
import { knownImage } from '../model/image.ts'
import { includes, isEverywhere } from '../model/ports.ts'

export const dataStorePublished: Rule<ComposeFile> = {
  id: 'compose/data-store-published',
  kind: 'insecure',
  summary: 'A database or cache that other machines reach',
  why: 'Anyone on the network can try passwords on it, or needs none.',
  hint: 'Do not publish it, or bind it to 127.0.0.1.',
  references: ['CIS Docker 5.14'],
  appliesTo: ['ports'],
  bad: { services: { db: { image: 'postgres:17', ports: ['5432:5432'] } } },
  good: { services: { db: { image: 'postgres:17', ports: ['127.0.0.1:5432:5432'] } } },
  *check({ data }) {
    for (const place of servicesWith(data, 'ports')) {
      if (!place.service.ports) continue
      const known = knownImage(place.image)
      if (!known?.isDataStore) continue
      for (const port of place.ports) {
        if (!isEverywhere(port) || !known.ports?.some((one) => includes(port.target, one))) continue
        yield {
          path: pathOfPort(place, port),
          message: `${place.name} opens ${known.title} on every interface of the host`,
        }
      }
    }
  },
}
