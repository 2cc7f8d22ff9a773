import type { Rule } from '@erlmcp/core'
import { commandsOf } from '../../model/shell-commands.ts'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const cdWithoutEffect: Rule<Dockerfile> = {
  id: 'dockerfile/cd-without-effect',
  kind: 'breaks',
  summary: 'A cd at the end of a RUN',
  why: 'Each RUN begins in the WORKDIR, so the directory is lost at the end of the instruction.',
  hint: 'Use `workdir`.',
  references: ['DL3003', 'Trivy DS-0013'],
  bad: example({ instruction: 'RUN', command: 'cd /build' }),
  good: example({ instruction: 'WORKDIR', path: '/build' }),
  *check({ data }) {
    for (const { node, path } of each(data, 'RUN')) {
      const last = commandsOf(node.command).at(-1)
      if (last?.words[0] !== 'cd') continue
      yield {
        path: [...path, 'command'],
        message: `${last.words.join(' ')} does not affect later instructions`,
      }
    }
  },
}
