import type { Rule } from '@erlmcp/core'
import { commandsOf, programOf } from '../../model/shell-commands.ts'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const downloadPipedToShell: Rule<Dockerfile> = {
  id: 'dockerfile/download-piped-to-shell',
  kind: 'insecure',
  summary: 'A script from the network that is run unchecked',
  why: 'A compromised server or an incomplete download runs commands in the build.',
  hint: 'Download it with `add` and a checksum, then run it.',
  references: ['CIS Docker 4.11', 'Scorecard Pinned-Dependencies'],
  bad: example({ instruction: 'RUN', command: 'curl -fsSL https://example.com/install.sh | sh' }),
  good: example(
    {
      instruction: 'ADD',
      sources: ['https://example.com/install.sh'],
      destination: '/tmp/install.sh',
      checksum: 'sha256:0000000000000000000000000000000000000000000000000000000000000000',
    },
    { instruction: 'RUN', command: 'sh /tmp/install.sh' },
  ),
  *check({ data }) {
    for (const { node, path } of each(data, 'RUN')) {
      const commands = commandsOf(node.command)
      for (const [n, command] of commands.entries()) {
        const from = programOf(command)[0] ?? ''
        const to = programOf(commands[n + 1] ?? { words: [], next: '' })[0] ?? ''
        if (command.next !== '|' || !/^(?:curl|wget)$/.test(from)) continue
        if (!/^(?:.*\/)?(?:sh|bash|dash|ash|zsh|python3?|perl|node)$/.test(to)) continue
        yield {
          path: [...path, 'command'],
          message: `${command.words.join(' ')} is piped into ${to}`,
        }
      }
    }
  },
}
