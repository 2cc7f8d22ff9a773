import type { X509Certificate } from 'node:crypto'

const day = 86_400_000

/** What is known of one certificate. Nothing of it is secret. */
export interface CertificateFacts {
  /** Common name of the subject. */
  readonly name: string
  readonly kind: 'authority' | 'leaf'
  /** DNS names and addresses (subjectAltName). */
  readonly names: readonly string[]
  /** Common name of who signed it. */
  readonly issuer: string
  /** Hexadecimal. */
  readonly serial: string
  /** First and last moment, ISO 8601. */
  readonly from: string
  readonly until: string
  /** Whole days that are left; below 0 it has expired. */
  readonly days: number
}

export function factsOf(certificate: X509Certificate, now: Date): CertificateFacts {
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

/** Why its time is a problem, if so; `within` days it has to last at least. */
export function timeFault(
  { from, days }: CertificateFacts,
  now: Date,
  within: number,
): string | undefined {
  if (new Date(from) > now) return `it is not valid before ${from.slice(0, 10)}`
  if (days < 0) return `it expired ${-days} ${-days === 1 ? 'day' : 'days'} ago`
  if (days < within) return `it expires in ${days} ${days === 1 ? 'day' : 'days'}`
  return undefined
}

function commonName(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject
}
