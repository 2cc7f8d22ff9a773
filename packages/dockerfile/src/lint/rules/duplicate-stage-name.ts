import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { stageNamed } from '../model/walk.ts'

export const duplicateStageName: Rule<Dockerfile> = {
  id: 'dockerfile/duplicate-stage-name',
  kind: 'breaks',
  summary: 'Two stages of one name',
  why: 'A reference means the last one before it, whichever the author had in mind.',
  hint: 'Give each stage its own name.',
  references: ['BuildKit DuplicateStageName', 'DL3024'],
  bad: {
    args: [],
    stages: [
      { name: 'app', from: 'debian:13.1-slim', instructions: [] },
      { name: 'app', from: 'debian:13.1-slim', instructions: [] },
    ],
  },
  good: {
    args: [],
    stages: [
      { name: 'builder', from: 'debian:13.1-slim', instructions: [] },
      { name: 'app', from: 'debian:13.1-slim', instructions: [] },
    ],
  },
  *check({ data }) {
    for (const [s, { name }] of data.stages.entries()) {
      if (name === undefined || stageNamed(data, name, s) === undefined) continue
      yield { path: ['stages', s, 'name'], message: `another stage before is called ${name} too` }
    }
  },
}
