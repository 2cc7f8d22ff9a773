import type { Path, Rule } from '@erlmcp/core'
import { type ComposeFile, DIALECT } from '../../document.ts'
import { swarm } from '../../model/dialect.ts'

// A key that was left out has no node to point at.
function existing(data: ComposeFile, path: Path): Path {
  let node: unknown = data
  for (const [index, key] of path.entries()) {
    if (typeof node !== 'object' || node === null || !(key in node)) return path.slice(0, index)
    node = (node as Record<string | number, unknown>)[key]
  }
  return path
}

export const swarmChanged: Rule<ComposeFile> = {
  id: 'compose/swarm-changed',
  kind: 'breaks',
  severity: 'note',
  summary: 'Key changed for a swarm',
  why: 'The file that the swarm reads differs from the stack; a key that was left out has no effect.',
  hint: 'Follow the message. To remove the note, leave the key out of this file, with override(app, { key: undefined }).',
  references: ['docker stack deploy'],
  appliesTo: ['swarm'],
  bad: {
    services: { app: { image: 'app:1' } },
    [DIALECT]: {
      name: 'swarm',
      changes: [
        { path: ['services', 'app', 'restart'], action: 'ignored', message: 'restart is ignored' },
      ],
    },
  },
  good: swarm({ services: { app: { image: 'app:1' } } }),
  *check({ data }) {
    for (const { path, message, essential } of data[DIALECT]?.changes ?? []) {
      yield {
        path: existing(data, path),
        message: message.replace(/\.\s*$/, ''),
        ...(essential && { severity: 'warning' as const }),
      }
    }
  },
}
