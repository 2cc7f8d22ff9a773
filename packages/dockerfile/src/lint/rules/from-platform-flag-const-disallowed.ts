import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { literalOf } from '../../values/text.ts'

export const fromPlatformFlagConstDisallowed: Rule<Dockerfile> = {
  id: 'dockerfile/from-platform-flag-const-disallowed',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A stage with a fixed platform',
  why: 'The image holds binaries of that platform, whatever platform is built for.',
  hint: "Remove the platform, or use ref('BUILDPLATFORM') for a stage that cross-compiles.",
  references: ['BuildKit FromPlatformFlagConstDisallowed', 'DL3029'],
  bad: {
    args: [],
    stages: [{ name: 'app', from: 'debian:13.1-slim', platform: 'linux/amd64', instructions: [] }],
  },
  good: {
    args: [],
    stages: [
      {
        name: 'app',
        from: 'debian:13.1-slim',
        platform: { variable: 'BUILDPLATFORM' },
        instructions: [],
      },
    ],
  },
  *check({ data }) {
    for (const [s, { platform, name }] of data.stages.entries()) {
      const text = platform === undefined ? undefined : literalOf(platform)
      // A stage that is named after its platform is selected by a variable.
      if (text === undefined || (name ?? '').includes(text.split('/')[1] ?? text)) continue
      yield {
        path: ['stages', s, 'platform'],
        message: `stage ${name ?? s} has the fixed platform ${text}`,
      }
    }
  },
}
