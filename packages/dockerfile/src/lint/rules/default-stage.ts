import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'

export const defaultStage: Rule<Dockerfile> = {
  id: 'dockerfile/default-stage',
  kind: 'breaks',
  severity: 'warning',
  summary: 'The last stage is not for production',
  why: '`docker build .` builds the last stage: an unnamed one has no target name, and a debug image reaches production.',
  hint: 'Put the production stage last, and name it.',
  references: ['Dockerfile reference FROM'],
  bad: {
    args: [],
    stages: [
      { name: 'runtime', from: 'debian:13.1-slim', instructions: [] },
      { name: 'debug', from: 'debian:13.1-slim', instructions: [] },
    ],
  },
  good: {
    args: [],
    stages: [
      { name: 'debug', from: 'debian:13.1-slim', instructions: [] },
      { name: 'runtime', from: 'debian:13.1-slim', instructions: [] },
    ],
  },
  *check({ data }) {
    for (const [s, stage] of data.stages.entries()) {
      const isLast = s === data.stages.length - 1
      if (
        isLast &&
        data.stages.length > 1 &&
        /^(?:debug|dev|development|test|tests|ci)$/.test(stage.name ?? '')
      ) {
        yield {
          path: ['stages', s, 'name'],
          message: `a build without a target builds the stage ${stage.name}`,
        }
      }
      const hasHeir = data.stages.slice(s + 1).some(({ from }) => literalOf(from) === String(s))
      if (stage.name === undefined && data.stages.length > 1 && !hasHeir) {
        yield {
          path: ['stages', s],
          message: `stage ${s + 1} of ${data.stages.length} has no name`,
        }
      }
    }
  },
}
