import type { Rule } from '@erlmcp/core'
import { type ComposeFile, EFFECTIVE } from '../../document.ts'

const merged: ComposeFile = { services: { app: { image: 'app:1', environment: { DEBUG: '1' } } } }

export const resetWithoutEffect: Rule<ComposeFile> = {
  id: 'compose/reset-without-effect',
  kind: 'breaks',
  summary: 'Overlay that resets a missing key',
  why: 'Compose silently ignores it: the value that it was meant to remove is still there, or never existed.',
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
      yield { path, message: `${path.join('.')} is reset, but the base does not have it` }
    }
  },
}
