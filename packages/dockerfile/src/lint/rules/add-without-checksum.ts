import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const addWithoutChecksum: Rule<Dockerfile> = {
  id: 'dockerfile/add-without-checksum',
  kind: 'insecure',
  summary: 'A download without a checksum',
  why: 'The build accepts whatever the server sends.',
  hint: "Set the digest: checksum: 'sha256:…'.",
  references: ['CIS Docker 4.11', 'Scorecard Pinned-Dependencies'],
  bad: example({
    instruction: 'ADD',
    sources: ['https://example.com/otp.tar.gz'],
    destination: '/tmp/',
  }),
  good: example({
    instruction: 'ADD',
    sources: ['https://example.com/otp.tar.gz'],
    destination: '/tmp/',
    checksum: 'sha256:0000000000000000000000000000000000000000000000000000000000000000',
  }),
  *check({ data }) {
    for (const { node, path } of each(data, 'ADD')) {
      const [source] = node.sources
      if (node.checksum !== undefined || typeof source !== 'string') continue
      if (!/^https?:\/\/(?!.*\.git(?:#|$))/.test(source)) continue
      yield { path, message: `${source} has no checksum` }
    }
  },
}
