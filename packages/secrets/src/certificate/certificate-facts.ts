import type { X509Certificate } from 'node:crypto'

const day = 86_400_000

/** Public facts of a certificate. */
export interface CertificateFacts {
  /** Common name of the subject. */
  readonly name: string
  readonly kind: 'authority' | 'leaf'
  /** DNS names and addresses (subjectAltName). */
  readonly names: readonly string[]
  /** Common name of the authority that signed it. */
  readonly issuer: string
  /** Hexadecimal. */
  readonly serial: string
  /** First and last moment, ISO 8601. */
  readonly from: string
  readonly until: string
  /** Whole days until it expires; negative where it has expired. */
  readonly days: number
}

export function certificateFacts(certificate: X509Certificate, now: Date): CertificateFacts {
  const until = new Date(certificate.validTo)
  return {
    name: commonName(certificate.subject),
    kind: certificate.ca ? 'authority' : 'leaf',
    names: (certificate.subjectAltName ?? '')
      .split(', ')
      .filter((name) => name !== '')
      .map((name) => name.replace(/^(DNS|IP Address):/, '')),
    issuer: commonName(certificate.issuer),
    serial: certificate.serialNumber.toLowerCase(),
    from: new Date(certificate.validFrom).toISOString(),
    until: until.toISOString(),
    days: Math.floor((until.getTime() - now.getTime()) / day),
  }
}

/** Finds why a certificate is not valid for the next `within` days. */
export function findValidityError(
  { from, days }: CertificateFacts,
  now: Date,
  within: number,
): string | undefined {
  if (new Date(from) > now) return `not valid before ${from.slice(0, 10)}`
  if (days < 0) return `expired ${-days} ${-days === 1 ? 'day' : 'days'} ago`
  if (days < within) return `expires in ${days} ${days === 1 ? 'day' : 'days'}`
  return undefined
}

function commonName(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject
}
