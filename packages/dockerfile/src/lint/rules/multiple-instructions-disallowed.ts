import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const multipleInstructionsDisallowed: Rule<Dockerfile> = {
  id: 'dockerfile/multiple-instructions-disallowed',
  kind: 'breaks',
  severity: 'warning',
  summary: 'An instruction that a later one overrides',
  why: 'Only the last CMD, ENTRYPOINT and HEALTHCHECK of a stage takes effect.',
  hint: 'Keep the last one.',
  references: ['BuildKit MultipleInstructionsDisallowed', 'DL4003', 'DL4004', 'DL3012'],
  bad: example(
    { instruction: 'CMD', command: ['/bin/first'] },
    { instruction: 'CMD', command: ['/bin/second'] },
  ),
  good: example({ instruction: 'CMD', command: ['/bin/second'] }),
  *check({ data }) {
    for (const [s, stage] of data.stages.entries()) {
      for (const name of ['CMD', 'ENTRYPOINT', 'HEALTHCHECK']) {
        const all = [...stage.instructions.entries()].filter(([, one]) => one.instruction === name)
        for (const [i] of all.slice(0, -1)) {
          yield {
            path: ['stages', s, 'instructions', i],
            message: `a later ${name} of stage ${stage.name ?? s} overrides this one`,
          }
        }
      }
    }
  },
}
