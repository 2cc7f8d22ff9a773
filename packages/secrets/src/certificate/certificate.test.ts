import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  authorityCertificate,
  generatePrivateKey,
  isIssuedBy,
  leafCertificate,
  parseCertificate,
  parsePrivateKey,
  uncoveredName,
} from './certificate.ts'

const now = new Date('2026-03-01T12:00:00Z')

async function authority(
  name = 'erlmcp authority',
  at = new Date(),
  keyPem = generatePrivateKey(),
) {
  const key = parsePrivateKey(keyPem)!
  const pem = await authorityCertificate(name, key, at)
  return { key, keyPem, pem, certificate: parseCertificate(pem)! }
}

async function leaf(
  issuer: Awaited<ReturnType<typeof authority>>,
  options: { names?: string[]; usages?: ('server' | 'client')[]; at?: Date } = {},
) {
  const { names = ['localhost', '127.0.0.1'], usages = ['server', 'client'], at } = options
  const keyPem = generatePrivateKey()
  const pem = await leafCertificate(
    { name: 'erlmcp', names, usages },
    parsePrivateKey(keyPem)!,
    issuer,
    at ?? new Date(),
  )
  return { keyPem, pem, certificate: parseCertificate(pem)! }
}

const directory = mkdtempSync(join(tmpdir(), 'erlmcp-certificate-'))
afterAll(() => rmSync(directory, { recursive: true }))

function openssl(...args: string[]): string {
  try {
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    return String((error as { stderr: string }).stderr)
  }
}

function file(name: string, pem: string): string {
  const path = join(directory, name)
  writeFileSync(path, pem)
  return path
}

const withoutOpenssl = openssl('version').startsWith('OpenSSL') ? false : 'openssl is not installed'

describe.skipIf(withoutOpenssl)('what openssl says', () => {
  test.each(['server', 'client'] as const)(
    'a %s certificate verifies for its purpose only',
    async (usage) => {
      const ca = await authority()
      const { pem } = await leaf(ca, { usages: [usage] })
      const verify = (purpose: string) =>
        openssl(
          'verify',
          '-x509_strict',
          '-purpose',
          purpose,
          '-CAfile',
          file('ca.pem', ca.pem),
          file('leaf.pem', pem),
        )
      const other = usage === 'server' ? 'sslclient' : 'sslserver'
      expect(verify(`ssl${usage}`)).toMatch(/leaf\.pem: OK\n$/)
      expect(verify(other)).toMatch(/uns.* certificate purpose/)
    },
  )

  test('the authority signs certificates and lists, no further authorities', async () => {
    const { pem } = await authority('erlmcp authority', now)
    const text = openssl('x509', '-noout', '-text', '-in', file('text.pem', pem))
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0\s/)
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\s/)
    expect(text).toContain('Public Key Algorithm: id-ecPublicKey')
    expect(text).toContain('ASN1 OID: prime256v1')
    expect(text).toMatch(
      /Not Before: Mar {2}1 11:00:00 2026 GMT\s+Not After : Feb 27 11:00:00 2036 GMT/,
    )
  })

  test('a leaf has its names, and is not an authority', async () => {
    const { pem } = await leaf(await authority('a', now), {
      names: ['erlmcp', '*.erlmcp.internal', '10.0.0.7', '::1'],
      at: now,
    })
    const text = openssl('x509', '-noout', '-text', '-in', file('text.pem', pem))
    expect(text).toContain(
      'DNS:erlmcp, DNS:*.erlmcp.internal, IP Address:10.0.0.7, IP Address:0:0:0:0:0:0:0:1',
    )
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE\s/)
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature\s/)
    expect(text).toContain('TLS Web Server Authentication, TLS Web Client Authentication')
    expect(text).toMatch(
      /Not Before: Mar {2}1 11:00:00 2026 GMT\s+Not After : Jun {2}3 11:00:00 2028 GMT/,
    )
  })

  test.each([
    ['RSA', ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['EC P-384', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['EC P-256 in its old form', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout']],
  ])('an authority with a key of %s signs as well', async (_, args) => {
    const ca = await authority('brought', new Date(), openssl(...args))
    const { pem } = await leaf(ca)
    expect(
      openssl('verify', '-x509_strict', '-CAfile', file('ca.pem', ca.pem), file('leaf.pem', pem)),
    ).toMatch(/OK\n$/)
  })
})

describe('mutual TLS', () => {
  let ca: Awaited<ReturnType<typeof authority>>
  beforeAll(async () => {
    ca = await authority()
  })

  async function handshake(
    client: { keyPem: string; pem: string } | undefined,
    host = 'localhost',
  ) {
    const server = await leaf(ca, { usages: ['server'] })
    const listener = createServer(
      {
        key: server.keyPem,
        cert: server.pem,
        ca: ca.pem,
        requestCert: true,
        // The reason is wanted, not only the refusal.
        rejectUnauthorized: false,
        minVersion: 'TLSv1.3',
      },
      (socket) =>
        socket.end(
          socket.authorized
            ? `hello ${socket.getPeerCertificate().subject.CN}`
            : `refused: ${socket.authorizationError}`,
        ),
    )
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    try {
      const seen = await new Promise<string>((resolve) => {
        const socket: TLSSocket = connect({
          host: '127.0.0.1',
          port: (listener.address() as AddressInfo).port,
          servername: host,
          ca: ca.pem,
          ...(client && { key: client.keyPem, cert: client.pem }),
        })
        let answer = ''
        socket.setEncoding('utf8').on('data', (data: string) => {
          answer += data
        })
        socket.on('end', () => resolve(answer))
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      })
      return seen
    } finally {
      await new Promise((resolve) => listener.close(resolve))
    }
  }

  test('both sides accept each other', async () => {
    expect(await handshake(await leaf(ca, { usages: ['client'] }))).toBe('hello erlmcp')
  })

  test('a name that the certificate is not for is refused', async () => {
    expect(await handshake(await leaf(ca), 'elsewhere')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('a client without a certificate is refused', async () => {
    expect(await handshake(undefined)).toMatch(/^refused: /)
  })

  test('a client of another authority of the same name is refused', async () => {
    expect(await handshake(await leaf(await authority()))).toMatch(/^refused: .*(SIGNATURE|ISSUER)/)
  })

  test('a client with a certificate for servers is refused', async () => {
    expect(await handshake(await leaf(ca, { usages: ['server'] }))).toBe('refused: INVALID_PURPOSE')
  })
})

test('a leaf ends with its authority', async () => {
  const ca = await authority('old', new Date(now.getTime() - 3600 * 86_400_000))
  const { certificate } = await leaf(ca, { at: now })
  expect(certificate.validTo).toBe(ca.certificate.validTo)
})

test('certificates of one key and one authority share what a chain is built from', async () => {
  const first = await authority('same')
  const second = await authority('same', new Date(), first.keyPem)
  const { certificate } = await leaf(first)
  expect(second.pem).not.toBe(first.pem)
  expect(isIssuedBy(certificate, second.certificate)).toBe(true)
  expect(isIssuedBy(certificate, (await authority('same')).certificate)).toBe(false)
})

test('a key that cannot sign is rejected', () => {
  expect(parsePrivateKey('')).toBeUndefined()
  expect(parsePrivateKey(`${generatePrivateKey().slice(0, 60)}\n`)).toBeUndefined()
  expect(
    parseCertificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
  ).toBeUndefined()
})

const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,20}[a-z0-9_])?$/)
const dns = fc
  .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 4 }))
  .map(([wild, labels]) => `${wild ? '*.' : ''}${labels.join('.')}`)
const names = fc.uniqueArray(fc.oneof(dns, fc.ipV4(), fc.ipV6()), { minLength: 1, maxLength: 5 })

test('every name asked for is in the certificate, no other is', async () => {
  const ca = await authority()
  await fc.assert(
    fc.asyncProperty(names, async (names) => {
      const { certificate } = await leaf(ca, { names })
      expect(uncoveredName(certificate, names)).toBeUndefined()
      expect(uncoveredName(certificate, ['other.invalid', ...names])).toBe('other.invalid')
      expect(certificate.subjectAltName?.split(', ')).toHaveLength(names.length)
    }),
    { numRuns: rounds(50) },
  )
})

test('a subject is one common name, whatever it looks like', async () => {
  const key = parsePrivateKey(generatePrivateKey())!
  const part = fc.constantFrom('CN=', ',', '+', 'O=x', '#', '"', '\\', ' ', 'é', 'a', ';', '<')
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 10 }), async (parts) => {
      const name = `a${parts.join('')}z`
      const { subject, issuer } = new X509Certificate(await authorityCertificate(name, key, now))
      expect(subject.split('\n')).toHaveLength(1)
      expect(subject.startsWith('CN=a')).toBe(true)
      expect(issuer).toBe(subject)
    }),
    { numRuns: rounds(50) },
  )
})
