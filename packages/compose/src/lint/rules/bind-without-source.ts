import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onEveryServiceWith } from '../../model/each-service.ts'

const needsSource = new Set(['bind', 'image'])

export const bindWithoutSource: Rule<ComposeFile> = {
  id: 'compose/bind-without-source',
  kind: 'invalid',
  summary: 'Mount of type bind or image without a source',
  why: 'Compose rejects the file: "field Source must not be empty".',
  hint: "Write source: './config', or mount('./config', '/etc/app').",
  references: ['Compose spec, volumes, long syntax'],
  bad: { services: { app: { image: 'app:1', volumes: [{ type: 'bind', target: '/etc/app' }] } } },
  good: {
    services: {
      app: { image: 'app:1', volumes: [{ type: 'bind', source: './etc', target: '/etc/app' }] },
    },
  },
  ...onEveryServiceWith('volumes', function* ({ name, mounts, path }) {
    for (const { index, type, source, target } of mounts) {
      if (!needsSource.has(type) || source !== '') continue
      const message = `${name} mounts a ${type} at ${target} without a source`
      yield { path: [...path, 'volumes', index], message }
    }
  }),
}
