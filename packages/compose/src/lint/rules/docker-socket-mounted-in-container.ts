import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'

export const dockerSocketMountedInContainer: Rule<ComposeFile> = {
  id: 'compose/docker-socket-mounted-in-container',
  kind: 'insecure',
  summary: 'Docker socket mounted in a container',
  why: 'A process that uses the socket can start a container that controls the host.',
  hint: 'Put a proxy in between that allows only the requests that the service needs.',
  references: ['CIS Docker 5.32', 'KICS "Docker Socket Mounted In Container"'],
  appliesTo: ['volumes', 'use_api_socket'],
  bad: {
    services: {
      app: { image: 'app:1', volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro'] },
    },
  },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'use_api_socket')) {
      if (!service.use_api_socket) continue
      yield {
        path: [...path, 'use_api_socket'],
        message: `${name} has access to the Docker socket`,
      }
    }
    for (const { name, path, mounts } of servicesWith(data, 'volumes')) {
      for (const { index, source } of mounts) {
        if (!/\/(?:docker|containerd|podman)\.sock$/.test(source)) continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} has access to the Docker socket ${source}`,
        }
      }
    }
  },
}
