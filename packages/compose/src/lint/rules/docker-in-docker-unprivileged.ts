import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place } from '../model/each-service.ts'
import { resolve } from '../model/resolve.ts'

export const dockerInDockerUnprivileged: Rule<ComposeFile> = {
  id: 'compose/docker-in-docker-unprivileged',
  kind: 'breaks',
  summary: 'An engine in a container without the rights of one',
  why: 'It mounts file systems and makes namespaces, which only a privileged container may: it does not start.',
  hint: 'Write `privileged: true` where nobody else runs anything, or run the engine on a machine of its own.',
  references: ['Docker Official Image docker, "Rootless", "Running Docker in Docker"'],
  bad: { services: { engine: { image: 'docker:28-dind' } } },
  good: { services: { engine: { image: 'docker:28-dind', privileged: true } } },
  *check({ data }) {
    for (const { name, service, path } of eachService(data).filter(isEngine)) {
      if (resolve(service.privileged) !== '' && resolve(service.privileged) !== 'false') continue
      // A runtime such as sysbox gives it those rights itself, and a client needs none.
      if (service.runtime !== undefined || service.entrypoint || service.command) continue
      yield { path, message: `${name} runs an engine of Docker, and is not privileged` }
    }
  },
}

function isEngine({ image }: Place): boolean {
  return /^(?:library\/)?docker$/.test(image.path) && /(?:^|-)dind(?:-|$)/.test(image.tag)
}
