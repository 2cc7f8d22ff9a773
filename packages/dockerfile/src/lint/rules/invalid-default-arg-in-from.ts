import type { Rule } from '@erlmcp/core'
import { withDefaults } from '../../model/variables.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { variablesOf } from '../../values/text.ts'

export const invalidDefaultArgInFrom: Rule<Dockerfile> = {
  id: 'dockerfile/invalid-default-arg-in-from',
  kind: 'breaks',
  summary: 'An image name that is invalid without build arguments',
  why: 'A build without arguments fails or starts from another image.',
  hint: 'Give the global ARG a default.',
  references: ['BuildKit InvalidDefaultArgInFrom'],
  bad: {
    args: [{ instruction: 'ARG', args: [{ name: 'OTP' }] }],
    stages: [{ name: 'app', from: { parts: ['erlang:', { variable: 'OTP' }] }, instructions: [] }],
  },
  good: {
    args: [{ instruction: 'ARG', args: [{ name: 'OTP', default: '28.3.1' }] }],
    stages: [{ name: 'app', from: { parts: ['erlang:', { variable: 'OTP' }] }, instructions: [] }],
  },
  *check({ data }) {
    const declared = new Set(data.args.flatMap(({ args }) => args.map(({ name }) => name)))
    for (const [s, { from }] of data.stages.entries()) {
      const used = [...variablesOf(from)]
      if (used.length === 0 || !used.every(({ variable }) => declared.has(variable))) continue
      const name = withDefaults(data, from)
      if (name === undefined || imageName.test(name)) continue
      yield {
        path: ['stages', s, 'from'],
        message: `without build arguments the image is ${JSON.stringify(name)}`,
      }
    }
  },
}

const imageName = /^[a-z0-9][a-z0-9._:/-]*?(?::[\w][\w.-]*)?(?:@[a-z0-9]+:[a-f0-9]+)?(?<![:/.-])$/
