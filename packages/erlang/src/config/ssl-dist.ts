import { printTerm } from './print-term.ts'
import { atom, proplist, type Term, tuple } from './term.ts'

/**
 * Options of the distribution over TLS (OTP, ssl, "Using TLS for Erlang Distribution"): both sides
 * present a certificate of the same authority, over TLS 1.3. A certificate may be for a wildcard, which
 * the replicas of a service share: OTP accepts it only by the rules of HTTPS.
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
    tuple(
      atom('client'),
      proplist({ ...common, customize_hostname_check: [tuple(atom('match_fun'), matching)] }),
    ),
  ]
  return `${printTerm(options).replace(matching.name, call)}.\n`
}

// The file is evaluated, so it may hold a call, which a term cannot express.
const matching = atom('match_fun_of_https')
const call = 'public_key:pkix_verify_hostname_match_fun(https)'
