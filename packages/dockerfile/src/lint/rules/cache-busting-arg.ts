import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const cacheBustingArg: Rule<Dockerfile> = {
  id: 'dockerfile/cache-busting-arg',
  kind: 'wasteful',
  summary: 'An ARG that changes with every build is above a RUN',
  why: 'A changed ARG runs every RUN below it again, whether or not the RUN uses it.',
  hint: 'Declare it below the last RUN, directly above the LABEL that uses it.',
  references: ['Dockerfile reference'],
  bad: example(
    { instruction: 'ARG', args: [{ name: 'BUILD_DATE' }] },
    { instruction: 'RUN', command: 'make' },
  ),
  good: example(
    { instruction: 'RUN', command: 'make' },
    { instruction: 'ARG', args: [{ name: 'BUILD_DATE' }] },
    {
      instruction: 'LABEL',
      pairs: [{ name: 'org.opencontainers.image.created', value: { variable: 'BUILD_DATE' } }],
    },
  ),
  *check({ data }) {
    for (const { node, path, stage, at } of each(data, 'ARG')) {
      for (const [n, { name }] of node.args.entries()) {
        if (!changing.test(name)) continue
        if (!stage.instructions.slice(at[1]).some((one) => one.instruction === 'RUN')) continue
        yield { path: [...path, 'args', n], message: `a new ${name} runs every RUN below it again` }
      }
    }
  },
}

const changing =
  /^(?:BUILD_(?:DATE|TIME|TIMESTAMP|NUMBER|ID)|(?:VCS|GIT)_(?:REF|SHA|COMMIT|REVISION|HASH)|COMMIT(?:_(?:SHA|HASH))?|REVISION|CREATED)$/
