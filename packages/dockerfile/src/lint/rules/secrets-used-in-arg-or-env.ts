import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const secretsUsedInArgOrEnv: Rule<Dockerfile> = {
  id: 'dockerfile/secrets-used-in-arg-or-env',
  kind: 'insecure',
  severity: 'error',
  summary: 'A secret in ARG or ENV',
  why: 'Both stay in the image and its history, readable by every user who can pull it.',
  hint: 'Mount it where it is needed: run(…, { mounts: [mount.secret(…)] }), or use a secret of the service.',
  references: ['BuildKit SecretsUsedInArgOrEnv', 'CIS Docker 4.10'],
  bad: example({ instruction: 'ENV', pairs: [{ name: 'DB_PASSWORD', value: 'hunter2' }] }),
  good: example({
    instruction: 'RUN',
    command: 'make',
    mounts: [{ type: 'secret', id: 'db-password', env: 'DB_PASSWORD' }],
  }),
  *check({ data }) {
    for (const { node, path } of each(data, 'ARG', 'ENV')) {
      const names = node.instruction === 'ARG' ? node.args : node.pairs
      for (const [n, { name }] of names.entries()) {
        if (!secret.test(name) || harmless.test(name)) continue
        const key = node.instruction === 'ARG' ? 'args' : 'pairs'
        yield {
          path: [...path, key, n],
          message: `${node.instruction} ${name} has the name of a secret, and stays in the image`,
        }
      }
    }
  },
}

const secret =
  /(?:_|^)(?:apikey|auth|cookie|credentials?|key|password|passwd|pword|secret|token)(?:_|$)/i
const harmless = /(?:_|^)(?:file|public|version)(?:_|$)/i
