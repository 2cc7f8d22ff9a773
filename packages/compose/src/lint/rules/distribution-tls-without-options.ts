import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'
import { variables } from '../../model/occurrences.ts'

function isBareTls(flags: string): boolean {
  return (
    flags.includes('-proto_dist inet') && flags.includes('_tls') && !flags.includes('-ssl_dist_opt')
  )
}

export const distributionTlsWithoutOptions: Rule<ComposeFile> = {
  id: 'compose/distribution-tls-without-options',
  kind: 'insecure',
  severity: 'error',
  summary: 'TLS distribution without certificate options',
  why: 'The node does not start, or accepts every certificate, so that any machine on the network can join.',
  hint: 'Name a file with `verify_peer` and `fail_if_no_peer_cert` in `-ssl_dist_optfile`.',
  references: ['OTP ssl, "Using TLS for Erlang Distribution"'],
  appliesTo: ['environment', 'command'],
  bad: {
    services: { app: { image: 'app:1', environment: { ERL_AFLAGS: '-proto_dist inet_tls' } } },
  },
  good: {
    services: {
      app: {
        image: 'app:1',
        command: [
          'start',
          '-proto_dist',
          'inet_tls',
          '-ssl_dist_optfile',
          '/etc/app/ssl_dist.conf',
        ],
      },
    },
  },
  *check({ data }) {
    for (const uses of variables(data).values()) {
      for (const { place, entry } of uses) {
        if (!entry.value?.includes('-proto_dist') || !isBareTls(entry.value)) continue
        yield {
          path: [...place.path, 'environment', entry.key],
          message: `${place.name} enables TLS distribution without its options`,
        }
      }
    }
    for (const { name, path, commandLine } of servicesWith(data, 'command')) {
      if (!isBareTls(commandLine)) continue
      yield {
        path: [...path, 'command'],
        message: `${name} enables TLS distribution without its options`,
      }
    }
  },
}
