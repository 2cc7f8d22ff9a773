import type { Rule } from '@erlmcp/core'
import { each, stageNamed } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'

export const stageUsedBeforeDefinition: Rule<Dockerfile> = {
  id: 'dockerfile/stage-used-before-definition',
  kind: 'invalid',
  summary: 'A reference to a later stage or to the stage itself',
  why: 'Only earlier stages can be used; the builder looks for an image of that name.',
  hint: 'Move the stage above the one that uses it.',
  references: ['DL3022', 'DL3023'],
  bad: {
    args: [],
    stages: [
      {
        name: 'app',
        from: 'debian:13.1-slim',
        instructions: [
          { instruction: 'COPY', sources: ['/a'], destination: '/a', from: 'builder' },
        ],
      },
      { name: 'builder', from: 'debian:13.1-slim', instructions: [] },
    ],
  },
  good: {
    args: [],
    stages: [
      { name: 'builder', from: 'debian:13.1-slim', instructions: [] },
      {
        name: 'app',
        from: 'debian:13.1-slim',
        instructions: [
          { instruction: 'COPY', sources: ['/a'], destination: '/a', from: 'builder' },
        ],
      },
    ],
  },
  *check({ data }) {
    for (const { node, path, at, stage } of each(data, 'COPY', 'RUN')) {
      const froms =
        node.instruction === 'COPY'
          ? [node.from]
          : (node.mounts ?? []).map((mount) => ('from' in mount ? mount.from : undefined))
      for (const from of froms) {
        if (from === undefined || stageNamed(data, from, at[0]) !== undefined) continue
        const later = stageNamed(data, from, data.stages.length)
        if (later === undefined) continue
        const where = later === at[0] ? 'which is the stage itself' : 'which comes later'
        yield { path, message: `stage ${stage.name ?? at[0]} copies from ${from}, ${where}` }
      }
    }
  },
}
