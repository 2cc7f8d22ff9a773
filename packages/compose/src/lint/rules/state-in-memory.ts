import type { Rule } from '@erlmcp/core'
import { undecided, undecidedState } from '../../defaults/state.ts'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

export const stateInMemory: Rule<ComposeFile> = {
  id: 'compose/state-in-memory',
  kind: 'breaks',
  severity: 'note',
  summary: 'A folder for state that is in memory by default',
  why: 'The image has the folder for what must outlive its container, as Mnesia. A new container starts without it.',
  hint: 'Mount a volume there.',
  references: ['Filesystem Hierarchy Standard 5.8', 'Docker "tmpfs mounts"'],
  appliesTo: ['tmpfs'],
  bad: {
    services: {
      app: {
        image: 'app:1',
        tmpfs: undecided(['/tmp:size=64m', '/var/lib/app:size=64m'], '/var/lib/app'),
      },
    },
  },
  good: {
    services: { app: { image: 'app:1', tmpfs: ['/tmp:size=64m'], volumes: ['app:/var/lib/app'] } },
    volumes: { app: {} },
  },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'tmpfs')) {
      const folder = undecidedState(service)
      if (folder === undefined) continue
      yield {
        path: [...path, 'tmpfs'],
        message: `${name} has ${folder} in memory, and a new container starts without what was in it`,
        hint: `Mount a volume there: volumes: [mount(volume('${name}-data'), '${folder}')]. Where nothing needs to outlive the container, say so: tmpfs: ${JSON.stringify(service.tmpfs).replaceAll('"', "'").replaceAll("','", "', '")}.`,
      }
    }
  },
}
