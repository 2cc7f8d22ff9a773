import type { Command } from '../command.ts'
import { format, json, notes, out } from './options.ts'

/** What comes from a stack: its files, and the lock of the actions in them. */
export const files: readonly Command[] = [
  {
    words: ['synth'],
    summary: 'write the files of the stack',
    options: [
      out,
      { name: 'force', hint: 'overwrite files that are not ours, or were edited' },
      {
        name: 'acknowledge',
        hint: 'volumes, secrets and containers that the stack left behind are dealt with',
      },
      notes,
      format,
      json,
    ],
    run: async (...given) => (await import('../commands/synth.ts')).synth(...given),
  },
  {
    words: ['check'],
    summary: 'say no when files differ from the stack, or it has errors',
    options: [out, { name: 'diff', hint: 'show how the files differ' }, notes, format, json],
    run: async (...given) => (await import('../commands/check.ts')).check(...given),
  },
  {
    words: ['diff'],
    summary: 'show what synth would change',
    options: [out, json],
    run: async (...given) => (await import('../commands/diff.ts')).diff(...given),
  },
  {
    words: ['pins', 'update'],
    summary: 'take the newest versions of the actions that workflows use into the lock',
    options: [out, json],
    run: async (...given) => (await import('../commands/pins.ts')).pinsUpdate(...given),
  },
  {
    words: ['pins', 'import'],
    summary: 'take what Dependabot wrote into the workflows into the lock',
    options: [out, json],
    run: async (...given) => (await import('../commands/pins.ts')).pinsImport(...given),
  },
]
