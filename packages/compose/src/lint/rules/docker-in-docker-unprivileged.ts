import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService, type Place } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const dockerInDockerUnprivileged: Rule<ComposeFile> = {
  id: 'compose/docker-in-docker-unprivileged',
  kind: 'breaks',
  summary: 'Docker in Docker without privileges',
  why: 'The engine mounts file systems and creates namespaces, which requires a privileged container: it does not start.',
  hint: 'Write `privileged: true` on a dedicated host, or run the engine outside of containers.',
  references: ['Docker Official Image docker, "Rootless", "Running Docker in Docker"'],
  bad: { services: { engine: { image: 'docker:28-dind' } } },
  good: { services: { engine: { image: 'docker:28-dind', privileged: true } } },
  *check({ data }) {
    for (const { name, service, path } of eachService(data).filter(isEngine)) {
      if (resolve(service.privileged) !== '' && resolve(service.privileged) !== 'false') continue
      // A runtime such as sysbox grants those rights itself, and a client needs none of them.
      if (service.runtime !== undefined || service.entrypoint || service.command) continue
      yield { path, message: `${name} runs a Docker engine but is not privileged` }
    }
  },
}

function isEngine({ image }: Place): boolean {
  return /^(?:library\/)?docker$/.test(image.path) && /(?:^|-)dind(?:-|$)/.test(image.tag)
}
