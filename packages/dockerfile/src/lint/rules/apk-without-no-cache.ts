import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const apkWithoutNoCache: Rule<Dockerfile> = {
  id: 'dockerfile/apk-without-no-cache',
  kind: 'wasteful',
  summary: 'apk keeps its package index in the image',
  why: 'The index adds megabytes that are outdated soon.',
  hint: 'Use `apk add --no-cache`, or mount a cache at /var/cache/apk.',
  references: ['DL3019', 'Trivy DS-0025'],
  bad: example({ instruction: 'RUN', command: 'apk update && apk add git' }),
  good: example({ instruction: 'RUN', command: 'apk add --no-cache git' }),
  *check({ data }) {
    for (const { place, path, argv } of eachCommand(data)) {
      if (argv[0] !== 'apk' || !argv.includes('add') || argv.includes('--no-cache')) continue
      const mounts = place.node.mounts ?? []
      if (mounts.some(({ target }) => /apk/.test(literalOf(target ?? '') ?? ''))) continue
      if (/\/var\/cache\/apk/.test(String(place.node.command))) continue
      yield { path, message: `${argv.join(' ')} keeps the index` }
    }
  },
}
