import { printTerm } from './print-term.ts'
import { atom, proplist, type Term, tuple } from './term.ts'

/**
 * Options of distribution over TLS (OTP, ssl, "Using TLS for Erlang Distribution"): both sides show
 * a certificate of the same authority, and nothing older than TLS 1.3 is spoken.
 */
export function sslDistConf(): string {
  const common: Readonly<Record<string, Term>> = {
    cacertfile: '/run/secrets/dist-ca',
    certfile: '/run/secrets/dist-cert',
    keyfile: '/run/secrets/dist-key',
    verify: atom('verify_peer'),
    versions: [atom('tlsv1.3')],
  }
  const options = [
    tuple(atom('server'), proplist({ ...common, fail_if_no_peer_cert: true })),
    tuple(atom('client'), proplist(common)),
  ]
  return `${printTerm(options)}.\n`
}
