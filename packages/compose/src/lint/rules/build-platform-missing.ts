import { isObject, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onEveryServiceWith } from '../../model/each-service.ts'
import { isKnown, resolve } from '../../model/resolve.ts'

export const buildPlatformMissing: Rule<ComposeFile> = {
  id: 'compose/build-platform-missing',
  kind: 'invalid',
  summary: 'Service platform that is not built',
  why: 'Compose rejects the file: `build.platforms` must contain the `platform` of the service.',
  hint: 'Add the platform to build.platforms, or remove platform.',
  references: ['Compose Build spec, platforms'],
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
  ...onEveryServiceWith('platform', function* ({ name, service, path }) {
    const { build } = service
    const platform = resolve(service.platform)
    const built = isObject(build) ? (build.platforms as readonly string[] | undefined) : undefined
    if (!built?.length || platform === '' || !isKnown(platform)) return
    const platforms = built.map((one) => resolve(one))
    if (platforms.includes(platform) || !platforms.every(isKnown)) return
    yield {
      path: [...path, 'platform'],
      message: `${name} runs on ${platform} but is built for ${platforms.join(', ')}`,
    }
  }),
}
