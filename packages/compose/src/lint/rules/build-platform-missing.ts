import { isObject, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { everyServiceWith } from '../model/each-service.ts'
import { isKnown, resolve } from '../model/resolve.ts'

export const buildPlatformMissing: Rule<ComposeFile> = {
  id: 'compose/build-platform-missing',
  kind: 'invalid',
  summary: 'A platform to run on that is not built',
  why: 'Compose refuses the file: `build.platforms` must have the `platform` of the service.',
  hint: 'Add it to build.platforms, or remove platform.',
  references: ['Compose Build spec, platforms'],
  appliesTo: ['platform'],
  bad: {
    services: {
      app: { image: 'app:1', platform: 'linux/arm64', build: { platforms: ['linux/amd64'] } },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', platform: 'linux/amd64', build: { platforms: ['linux/amd64'] } },
    },
  },
  *check({ data }) {
    for (const { name, service, path } of everyServiceWith(data, 'platform')) {
      const { build } = service
      const platform = resolve(service.platform)
      const built = isObject(build) ? (build.platforms as readonly string[] | undefined) : undefined
      if (!built?.length || platform === '' || !isKnown(platform)) continue
      const platforms = built.map((one) => resolve(one))
      if (platforms.includes(platform) || !platforms.every(isKnown)) continue
      yield {
        path: [...path, 'platform'],
        message: `${name} runs on ${platform} and is built for ${platforms.join(', ')}`,
      }
    }
  },
}
