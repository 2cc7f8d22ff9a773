import type { Rule } from '@erlmcp/core'
import { platformArgs } from '../../model/variables.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { variablesOf } from '../../values/text.ts'

export const undefinedArgInFrom: Rule<Dockerfile> = {
  id: 'dockerfile/undefined-arg-in-from',
  kind: 'breaks',
  summary: 'FROM uses a variable that no global ARG declares',
  why: 'It is empty, so the build fails or starts from another image.',
  hint: 'Declare it in the `args` of the file, before the first FROM.',
  references: ['BuildKit UndefinedArgInFrom'],
  bad: {
    args: [],
    stages: [{ name: 'app', from: { parts: ['erlang:', { variable: 'OTP' }] }, instructions: [] }],
  },
  good: {
    args: [{ instruction: 'ARG', args: [{ name: 'OTP', default: '28.3.1' }] }],
    stages: [{ name: 'app', from: { parts: ['erlang:', { variable: 'OTP' }] }, instructions: [] }],
  },
  *check({ data }) {
    const known = new Set([
      ...platformArgs,
      ...data.args.flatMap(({ args }) => args.map((one) => one.name)),
    ])
    for (const [s, stage] of data.stages.entries()) {
      for (const key of ['from', 'platform'] as const) {
        for (const { variable } of variablesOf(stage[key])) {
          if (known.has(variable)) continue
          yield {
            path: ['stages', s, key],
            message: `FROM uses ${variable}, which no ARG before the first FROM declares`,
          }
        }
      }
    }
  },
}
