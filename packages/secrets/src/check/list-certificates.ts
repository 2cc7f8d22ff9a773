import type { SecretFile } from '@erlmcp/core'
import type { CertificateFacts } from '../certificate/certificate-facts.ts'
import { type CheckSecretsOptions, checkSecrets } from './check-secrets.ts'

/** A certificate of a stack, and its file. */
export interface ListedCertificate extends CertificateFacts {
  readonly path: string
}

/**
 * Lists the certificates of a stack: authorities first, then by expiry.
 *
 * @returns the certificates, and the problems of files that should have one, such as a missing file
 */
export async function listCertificates(
  root: string,
  secrets: readonly SecretFile[],
  options: CheckSecretsOptions = {},
) {
  const all = secrets.filter(({ recipe }) => recipe.kind !== 'random')
  const certificatePaths = new Set(
    all.flatMap(({ path, recipe }) =>
      recipe.kind !== 'random' && recipe.part === 'certificate' ? [path] : [],
    ),
  )
  const { secrets: checked } = await checkSecrets(root, all, options)
  const files = checked.filter(({ path }) => certificatePaths.has(path))
  const certificates = files.flatMap(({ path, certificates = [] }) =>
    certificates.map((facts): ListedCertificate => ({ path, ...facts })),
  )
  return {
    certificates: certificates.toSorted(
      (a, b) => a.kind.localeCompare(b.kind) || a.days - b.days || a.path.localeCompare(b.path),
    ),
    problems: files.filter((one) => one.status === 'problem'),
  }
}
