import type { Rule } from '@erlmcp/core'
import { type ComposeFile, EFFECTIVE } from '../../document.ts'

const merged: ComposeFile = { services: { app: { image: 'app:1', environment: { DEBUG: '1' } } } }

export const resetWithoutEffect: Rule<ComposeFile> = {
  id: 'compose/reset-without-effect',
  kind: 'breaks',
  summary: 'An overlay that resets what its base does not have',
  why: 'Compose passes over it in silence: what was to go away is still there, or never was.',
  hint: "Write the key as the base has it. An entry of a list cannot be reset: write `replace(['A=1', 'B=2'])` with the entries that stay.",
  references: ['Compose spec, "Reset value"'],
  bad: {
    ...merged,
    [EFFECTIVE]: {
      path: 'compose.yaml',
      file: merged,
      ineffective: [['services', 'app', 'environment', 'DEBUG']],
    },
  },
  good: { services: { app: { image: 'app:1' } } },
  *check({ data }) {
    for (const path of data[EFFECTIVE]?.ineffective ?? []) {
      yield { path, message: `${path.join('.')} is reset, which the base does not have` }
    }
  },
}
