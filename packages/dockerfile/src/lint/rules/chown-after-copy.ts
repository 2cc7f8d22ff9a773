import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const chownAfterCopy: Rule<Dockerfile> = {
  id: 'dockerfile/chown-after-copy',
  kind: 'wasteful',
  summary: 'RUN chown or chmod of files that were copied before',
  why: 'Changing the owner or mode of a file stores it in a second layer.',
  hint: 'Set `chown` and `chmod` on the COPY.',
  references: ['Dockerfile reference COPY --chown'],
  bad: example(
    { instruction: 'COPY', sources: ['apps'], destination: '/opt/app' },
    { instruction: 'RUN', command: 'chown -R 1000:1000 /opt/app' },
  ),
  good: example({
    instruction: 'COPY',
    sources: ['apps'],
    destination: '/opt/app',
    chown: '1000:1000',
  }),
  *check({ data }) {
    for (const { place, path, argv } of eachCommand(data)) {
      if (argv[0] !== 'chown' && argv[0] !== 'chmod') continue
      if (!argv.some((word) => /^-\w*R|^--recursive$/.test(word))) continue
      const copied = data.stages[place.at[0]]!.instructions.slice(0, place.at[1]).flatMap((one) =>
        one.instruction === 'COPY' || one.instruction === 'ADD'
          ? (literalOf(one.destination) ?? [])
          : [],
      )
      const twice = argv.find((word) => copied.some((to) => within(word, to)))
      if (twice === undefined) continue
      yield { path, message: `${argv[0]} -R ${twice} stores the copied files a second time` }
    }
  },
}

function within(path: string, folder: string): boolean {
  return (
    path.startsWith('/') &&
    path !== '/' &&
    `${folder.replace(/\/$/, '')}/`.startsWith(`${path.replace(/\/$/, '')}/`)
  )
}
