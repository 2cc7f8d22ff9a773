import type { Command } from '../command.ts'
import { json } from './options.ts'

/** Volumes of a deployment. */
export const volumes: readonly Command[] = [
  {
    words: ['volumes', 'move'],
    summary: 'move the data of a volume into one of another name',
    operands: { takes: 'any', words: 'OLD NEW' },
    options: [
      {
        name: 'tools',
        value: 'IMAGE',
        hint: 'an image with a shell and cp. Default: that of the containers of the volume',
      },
      json,
    ],
    run: async (...given) => (await import('../commands/volumes-move.ts')).volumesMove(...given),
  },
]
