import type { Rule } from '@erlmcp/core'
import { installed } from '../../model/package-managers.ts'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const unpinnedPackage: Rule<Dockerfile> = {
  id: 'dockerfile/unpinned-package',
  kind: 'breaks',
  severity: 'note',
  summary: 'Packages without a version',
  why: 'Two builds of one commit differ.',
  hint: 'Pin name=version where the distribution keeps old versions, or pin its snapshot.',
  references: ['DL3008', 'DL3018'],
  bad: example({ instruction: 'RUN', command: 'apk add --no-cache git' }),
  good: example({ instruction: 'RUN', command: 'apk add --no-cache git=2.47.2-r0' }),
  *check({ data }) {
    for (const { path, argv } of eachCommand(data)) {
      const names = installed(argv).filter((name) => !/[=$~<>/]/.test(name))
      if (names.length === 0) continue
      yield { path, message: `${names.join(', ')} has no version` }
    }
  },
}
