import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const exposeInvalidFormat: Rule<Dockerfile> = {
  id: 'dockerfile/expose-invalid-format',
  kind: 'invalid',
  summary: 'EXPOSE of an invalid port',
  why: 'Later frontends reject an address, a host port and a protocol in capitals.',
  hint: 'Write a port as 8080, 53/udp or 8000-8010.',
  references: ['BuildKit ExposeInvalidFormat', 'BuildKit ExposeProtoCasing', 'DL3011'],
  bad: example({ instruction: 'EXPOSE', ports: ['127.0.0.1:8080:80/TCP'] }),
  good: example({ instruction: 'EXPOSE', ports: ['8080', '53/udp'] }),
  *check({ data }) {
    for (const { node, path } of each(data, 'EXPOSE')) {
      for (const [n, port] of node.ports.entries()) {
        const text = literalOf(port)
        if (text === undefined || isPort(text)) continue
        yield {
          path: [...path, 'ports', n],
          message: `EXPOSE: expected a port of the container, got ${text}`,
        }
      }
    }
  },
}

function isPort(text: string): boolean {
  const match = /^(\d+)(?:-(\d+))?(?:\/(?:tcp|udp|sctp))?$/.exec(text)
  return [match?.[1], match?.[2] ?? match?.[1]].every((port) => Number(port) <= 65_535)
}
