import type { Path, Rule } from '@erlmcp/core'
import { type ComposeFile, DIALECT } from '../../document.ts'
import { swarm } from '../model/dialect.ts'

// What was left out is not there to be pointed at.
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
  summary: 'Something that a swarm does not take as it was said',
  why: 'The file that a swarm reads is not what was written; what is left out of it is not in force.',
  hint: 'Do what the message says; to be asked no more, leave the key out of this file, with change(app, { key: undefined }).',
  references: ['docker stack deploy'],
  appliesTo: ['swarm'],
  bad: {
    services: { app: { image: 'app:1' } },
    [DIALECT]: {
      name: 'swarm',
      changes: [
        { path: ['services', 'app', 'restart'], how: 'dropped', message: 'restart is ignored' },
      ],
    },
  },
  good: swarm({ services: { app: { image: 'app:1' } } }),
  *check({ data }) {
    for (const { path, message, isLost } of data[DIALECT]?.changes ?? []) {
      yield {
        path: existing(data, path),
        message: message.replace(/\.\s*$/, ''),
        ...(isLost && { severity: 'warning' as const }),
      }
    }
  },
}
