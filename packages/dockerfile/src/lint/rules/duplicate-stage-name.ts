import type { Rule } from '@erlmcp/core'
import { stageNamed } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'

export const duplicateStageName: Rule<Dockerfile> = {
  id: 'dockerfile/duplicate-stage-name',
  kind: 'breaks',
  summary: 'Two stages with the same name',
  why: 'A reference means the last stage of that name above it, which may be the wrong one.',
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
      yield { path: ['stages', s, 'name'], message: `an earlier stage is also named ${name}` }
    }
  },
}
