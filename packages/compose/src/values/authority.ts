import {
  ignoreFiles,
  ORIGIN,
  type Origin,
  originOf,
  type SecretFile,
  type Source,
} from '@erlmcp/core'
import type { SecretValue } from '../schema/author.gen.ts'
import { validateName } from './name.ts'
import { secret } from './secret.ts'

/** A certificate and its key, each a secret. */
export interface CertificatePair {
  readonly certificate: SecretValue
  readonly key: SecretValue
}

export interface LeafOptions {
  /** DNS names or IP addresses of the certificate (subjectAltName, RFC 5280 4.2.1.6). */
  readonly names: readonly string[]
  /** Default: `['server']`. A node of a cluster is `['server', 'client']`. */
  readonly usages?: readonly ('server' | 'client')[]
}

/** A private certificate authority of the stack, and the source of its files. */
export interface Authority extends Source {
  readonly name: string
  /** The certificate of the authority, for its clients. */
  readonly certificate: SecretValue
  /** Issues a certificate and its key: the secrets `<name>-cert` and `<name>-key`. */
  issue(name: string, options: LeafOptions): CertificatePair
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A certificate authority that `erlmcp secrets init` creates: its certificate is the secret
 * `<name>-ca`; its key is in `secrets/<name>-ca.key`, which no container reads.
 *
 * @throws UserError for an invalid name
 * @example
 * const tls = authority('tls')
 * const web = tls.issue('tls', { names: ['erlmcp.example'] })
 * const app = service('app', { image: 'app:1.0', secrets: [web.certificate, web.key] })
 * export default stack('shop', [tls, compose('compose.yaml', [app])])
 */
export function authority(name: string): Authority {
  const origin = originOf(authority)
  validateName('secret', name, origin)
  const ca = `${name}-ca`
  // Both files exist even if no service of the stack uses them.
  const file = (path: string, part: 'certificate' | 'key'): SecretFile => ({
    path,
    recipe: { kind: 'authority', part, name: ca },
    readers: [],
    [ORIGIN]: origin,
  })
  const files = [file(`secrets/${ca}.key`, 'key'), file(`secrets/${ca}`, 'certificate')]
  return Object.freeze({
    name,
    certificate: secret(ca, { make: { kind: 'authority', part: 'certificate', name: ca } }),
    issue: (leaf: string, options: LeafOptions) => issue(ca, leaf, options),
    documents: () => ignoreFiles(files),
    secrets: () => files,
    [ORIGIN]: origin,
  })
}

function issue(ca: string, name: string, options: LeafOptions): CertificatePair {
  const { names, usages = ['server'] } = options
  const recipe = { kind: 'leaf', authority: ca, name, names, usages } as const
  return {
    certificate: secret(`${name}-cert`, { make: { ...recipe, part: 'certificate' } }),
    key: secret(`${name}-key`, { make: { ...recipe, part: 'key' } }),
  }
}
