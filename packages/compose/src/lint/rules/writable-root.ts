import type { Rule } from '@erlmcp/core'
import { hasSync } from '../../defaults/read-only.ts'
import type { ComposeFile } from '../../document.ts'
import type { Place } from '../../model/each-service.ts'
import { linuxServices } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { resolve } from '../../model/resolve.ts'

export const writableRoot: Rule<ComposeFile> = {
  id: 'compose/writable-root',
  kind: 'insecure',
  summary: 'Writable root file system',
  why: 'An attacker in the container can change the program that runs.',
  hint: 'Set `read_only: true`, with a tmpfs where the program writes.',
  references: ['CIS Docker 5.13'],
  bad: { services: { app: { image: 'app:1' } } },
  good: { services: { app: { image: 'app:1', read_only: true } } },
  *check({ data }) {
    for (const place of linuxServices(data).filter(isWritable)) {
      const { name, path, service, image } = place
      // The image is known to need it.
      if (!service.build && knownImage(image)?.writesRoot !== undefined) continue
      const why = hasSync(service) ? ', for develop.watch copies files to it' : ''
      yield { path, message: `${name} can write its root file system${why}` }
    }
  },
}

function isWritable({ service }: Place): boolean {
  return service.read_only === undefined || resolve(service.read_only) === 'false'
}
