import type { Rule } from '@erlmcp/core'
import { findStateInMemory, markStateInMemory } from '../../defaults/state-in-memory.ts'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

export const stateInMemory: Rule<ComposeFile> = {
  id: 'compose/state-in-memory',
  kind: 'breaks',
  severity: 'note',
  summary: 'State directory in memory by default',
  why: 'The image declares the directory for state that outlives its container, such as Mnesia. A new container starts without it.',
  hint: 'Mount a volume there.',
  references: ['Filesystem Hierarchy Standard 5.8', 'Docker "tmpfs mounts"'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        tmpfs: markStateInMemory(['/tmp:size=64m', '/var/lib/app:size=64m'], '/var/lib/app'),
      },
    },
  },
  good: {
    services: { app: { image: 'app:1', tmpfs: ['/tmp:size=64m'], volumes: ['app:/var/lib/app'] } },
    volumes: { app: {} },
  },
  ...onServicesWith('tmpfs', function* ({ name, service, path }) {
    const folder = findStateInMemory(service)
    if (folder === undefined) return
    yield {
      path: [...path, 'tmpfs'],
      message: `${name} keeps ${folder} in memory, and a new container starts without its files`,
      hint: `Mount a volume there: volumes: [mount(volume('${name}-data'), '${folder}')]. If no file needs to outlive the container, write tmpfs: ${JSON.stringify(service.tmpfs).replaceAll('"', "'").replaceAll("','", "', '")}.`,
    }
  }),
}
