import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Fetch } from './mcp.ts'

/**
 * A `fetch` that makes a connection for each request, and remembers which certificates it saw.
 *
 * @param authority the certificates that are trusted, as they are now
 */
export function trusting(authority: () => string) {
  /** Serial numbers, in the order in which they were seen. */
  const certificates = new Set<string>()
  const fetch: Fetch = (url, { body, ...options }) =>
    new Promise((resolve, reject) => {
      const secure = { ca: authority(), servername: 'localhost', agent: false }
      const sent = request(url, { ...options, ...secure }, (response) => {
        const parts: Buffer[] = []
        certificates.add((response.socket as TLSSocket).getPeerCertificate().serialNumber)
        response.on('data', (part) => parts.push(part))
        response.on('end', () =>
          resolve(new Response(Buffer.concat(parts), { status: response.statusCode! })),
        )
        response.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })
  return { fetch, certificates }
}
