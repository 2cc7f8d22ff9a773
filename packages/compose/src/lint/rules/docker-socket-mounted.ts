import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

export const dockerSocketMounted: Rule<ComposeFile> = {
  id: 'compose/docker-socket-mounted',
  kind: 'insecure',
  summary: "The engine's socket in a container",
  why: 'Whoever gets in starts a container that owns the host.',
  hint: 'Give the service a proxy that lets through only what it asks for.',
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
      yield { path: [...path, 'use_api_socket'], message: `${name} may use the engine` }
    }
    for (const { name, path, mounts } of servicesWith(data, 'volumes')) {
      for (const { index, source } of mounts) {
        if (!/\/(?:docker|containerd|podman)\.sock$/.test(source)) continue
        yield {
          path: [...path, 'volumes', index],
          message: `${name} may use the engine, through ${source}`,
        }
      }
    }
  },
}
