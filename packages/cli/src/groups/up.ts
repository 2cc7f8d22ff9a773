import type { Command, Operands, Option } from '../command.ts'
import { json } from './options.ts'

const file: Operands = { takes: 'any', words: '[FILE]' }
const project: Option = {
  name: 'project',
  value: 'NAME',
  hint: "compose project. Default: the file's own",
}

/** A compose file, started and stopped. */
export const up: readonly Command[] = [
  {
    words: ['up'],
    summary: 'build and start a compose file, and say why a service does not come up',
    operands: file,
    options: [
      project,
      { name: 'profile', value: 'NAME', hint: 'start the services of a profile too' },
      { name: 'no-build', hint: 'take the images that are there' },
      { name: 'wait', value: 'SECONDS', hint: 'how long it may take. Default: 180' },
      json,
    ],
    run: async (...given) => (await import('../commands/up.ts')).up(...given),
  },
  {
    words: ['down'],
    summary: 'stop and remove the containers of a compose file, of every profile',
    operands: file,
    options: [
      project,
      { name: 'volumes', hint: 'remove its volumes too: the data is lost' },
      {
        name: 'timeout',
        value: 'SECONDS',
        hint: 'how long a container may take to stop. Default: what the file says',
      },
    ],
    run: async (...given) => (await import('../commands/up.ts')).down(...given),
  },
]
