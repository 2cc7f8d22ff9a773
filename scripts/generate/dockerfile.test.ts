import { expect, test } from 'vitest'
import { printFlags } from '../../packages/dockerfile/src/print/print-flags.ts'
import { field } from '../../packages/dockerfile/src/schema/field.ts'
import { instructions } from '../../packages/dockerfile/src/schema/instructions.ts'
import { mounts } from '../../packages/dockerfile/src/schema/mounts.ts'
import { dockerfileLanguage } from './dockerfile.ts'

test('one entry adds a flag: its types, its place in the text and its row of the reference', () => {
  const { link, ...later } = instructions.COPY.flags
  const times = field('boolean', 'Keep the modification times.', {
    default: '`false`',
    since: '9.1',
  })
  const flags = { link, 'keep-times': times, ...later }
  const COPY = { ...instructions.COPY, flags }

  const files = dockerfileLanguage({ instructions: { ...instructions, COPY }, mounts })
  const [document, options, reference] = files.map(({ text }) => text)
  expect(document).toContain(
    "/** Keep the modification times. Needs Dockerfile 9.1. */\n  readonly 'keep-times'?: boolean",
  )
  expect(options).toContain("readonly 'keep-times'?: boolean")
  expect(reference).toContain(
    '| `--keep-times` | `boolean` | `false` | 9.1 | Keep the modification times. |',
  )
  const node = { 'keep-times': true, chown: '0:0', link: true }
  expect(printFlags('COPY', node, flags, '\\')).toEqual(['--link', '--keep-times', '--chown=0:0'])
})
