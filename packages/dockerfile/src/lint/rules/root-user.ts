import type { Rule } from '@erlmcp/core'
import { lineage, wholeStage } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const rootUser: Rule<Dockerfile> = {
  id: 'dockerfile/root-user',
  kind: 'insecure',
  summary: 'A container that runs as root',
  why: 'An attacker who takes over the program is root in the container, one kernel bug away from the host.',
  hint: "End the stage with user('1000:1000') or a user that it creates.",
  references: ['DL3002', 'CIS Docker 4.1', 'Trivy DS-0002'],
  bad: example({ instruction: 'ENTRYPOINT', command: ['/opt/app/bin/start'] }),
  good: example(
    { instruction: 'USER', user: '1000:1000' },
    { instruction: 'ENTRYPOINT', command: ['/opt/app/bin/start'] },
  ),
  *check({ data }) {
    const s = data.stages.length - 1
    const all = s < 0 ? [] : wholeStage(data, s)
    if (!all.some(({ instruction }) => instruction === 'CMD' || instruction === 'ENTRYPOINT'))
      return
    const last = all.findLast((one) => one.instruction === 'USER')
    const user = last && literalOf(last.user)
    const name = data.stages[s]!.name ?? s
    if (!last) {
      const base = JSON.stringify(data.stages[lineage(data, s)[0]!]!.from)
      if (base.includes('nonroot')) return
      yield {
        path: ['stages', s],
        message: `stage ${name} has no USER, so it runs as the user of its base image, mostly root`,
      }
    } else if (user !== undefined && /^(?:root|0)(?::|$)/.test(user)) {
      const i = data.stages[s]!.instructions.indexOf(last)
      yield {
        path: i < 0 ? ['stages', s] : ['stages', s, 'instructions', i],
        message: `stage ${name} runs as ${user}`,
      }
    }
  },
}
