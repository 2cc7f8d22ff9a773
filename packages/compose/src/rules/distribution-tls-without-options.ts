import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'

function isBareTls(flags: string): boolean {
  return (
    flags.includes('-proto_dist inet') && flags.includes('_tls') && !flags.includes('-ssl_dist_opt')
  )
}

export const distributionTlsWithoutOptions: Rule<ComposeFile> = {
  id: 'compose/distribution-tls-without-options',
  kind: 'insecure',
  severity: 'error',
  summary: 'Distribution over TLS without a certificate or a check of one',
  why: 'The node does not start, or takes every certificate: whoever is on the network joins.',
  help: 'Name a file with `verify_peer` and `fail_if_no_peer_cert` in `-ssl_dist_optfile`.',
  references: ['OTP ssl, "Using TLS for Erlang Distribution"'],
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
    for (const { name, service, path, commandLine, environment } of eachService(data)) {
      for (const { key, value } of environment) {
        if (!value || !isBareTls(value)) continue
        yield {
          path: [...path, 'environment', key],
          message: `${name} asks for TLS without its options`,
        }
      }
      if (service.command && isBareTls(commandLine)) {
        yield { path: [...path, 'command'], message: `${name} asks for TLS without its options` }
      }
    }
  },
}
