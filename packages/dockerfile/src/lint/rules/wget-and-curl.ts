import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const wgetAndCurl: Rule<Dockerfile> = {
  id: 'dockerfile/wget-and-curl',
  kind: 'wasteful',
  severity: 'note',
  summary: 'wget and curl in one stage',
  why: 'One of them is enough.',
  hint: 'Use one of them.',
  references: ['DL4001'],
  bad: example({
    instruction: 'RUN',
    command: 'wget -q https://a.example && curl -f https://b.example',
  }),
  good: example({
    instruction: 'RUN',
    command: 'curl -f https://a.example && curl -f https://b.example',
  }),
  *check({ data }) {
    for (const [s, stage] of data.stages.entries()) {
      const mine = [...eachCommand(data)].filter(({ place }) => place.at[0] === s)
      const curl = mine.some(({ argv }) => argv[0] === 'curl')
      const wget = mine.find(({ argv }) => argv[0] === 'wget')
      if (!curl || !wget) continue
      yield {
        path: [...wget.place.path, 'command'],
        message: `stage ${stage.name ?? s} uses both curl and wget`,
      }
    }
  },
}
