import type { Rule } from '@erlmcp/core'
import { each, history, lineage } from '../../model/walk.ts'
import type { Instruction } from '../../schema/document.gen.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const unknownUser: Rule<Dockerfile> = {
  id: 'dockerfile/unknown-user',
  kind: 'breaks',
  summary: 'A USER that the image does not have',
  why: 'The image builds, but its containers do not start: no matching entries in passwd file.',
  hint: 'Create the user in this stage, or use a number such as 1000:1000.',
  references: ['Dockerfile reference USER'],
  bad: example({ instruction: 'USER', user: 'app' }),
  good: example(
    { instruction: 'RUN', command: 'useradd --uid 1000 app' },
    { instruction: 'USER', user: 'app' },
  ),
  *check({ data }) {
    for (const { node, path, at } of each(data, 'USER')) {
      const user = literalOf(node.user)?.split(':')[0]
      if (user === undefined || user === '' || /^\d+$/.test(user) || known.has(user)) continue
      const [root] = lineage(data, at[0])
      // Official images have a user with the name of the image.
      if (JSON.stringify(data.stages[root!]!.from).includes(user)) continue
      if (history(data, at).some((one) => mayMake(one, user))) continue
      yield {
        path: [...path, 'user'],
        message: `no instruction of stage ${data.stages[at[0]]!.name ?? at[0]} creates the user ${user}`,
      }
    }
  },
}

/** Users of a fresh Debian or Alpine, and the one of distroless images. */
const known = new Set(
  'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc _apt nobody nonroot guest'.split(
    ' ',
  ),
)

function mayMake(one: Instruction, user: string): boolean {
  if (one.instruction === 'RUN') {
    const text = typeof one.command === 'string' ? one.command : one.command.join(' ')
    return text.includes(user) || /\$|\/etc\/passwd|\.sh\b/.test(text)
  }
  if (one.instruction !== 'COPY' && one.instruction !== 'ADD') return false
  return typeof one.destination !== 'string' || /^\/(?:etc(?:\/passwd)?\/?)?$/.test(one.destination)
}
