import { Agent, request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

export interface LoadOptions {
  /** `host:port` of an MCP server over HTTP. */
  readonly http: string
  /** The same over TLS; every request makes a connection of its own. */
  readonly https: string
  /** The certificates that are trusted, as they are now. */
  readonly authority: () => string
}

export interface Load {
  /** Ends it, once what is under way has been answered. */
  stop(): Promise<{
    /** What was no answer, in words. */
    readonly failed: readonly string[]
    readonly answered: number
    /** The serial numbers of the server's certificates, in the order in which they were seen. */
    readonly certificates: readonly string[]
  }>
}

// Of PostgreSQL and of Redis.
const tools = [
  { name: 'note_list', arguments: {} },
  { name: 'counter_increment', arguments: { name: 'load' } },
]

/** Requests to an MCP server, one after the other on each way, until it is stopped. */
export async function startLoad({ http, https, authority }: LoadOptions): Promise<Load> {
  const failed: string[] = []
  const certificates = new Set<string>()
  let answered = 0
  let enough = false
  const url = `http://${http}/mcp`
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-06-18',
  }
  const first = await fetch(url, {
    method: 'POST',
    headers,
    body: message('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'load', version: '1' },
    }),
  })
  const session = { ...headers, 'mcp-session-id': first.headers.get('mcp-session-id')! }

  const each = async (ask: (at: number) => Promise<string | undefined>) => {
    for (let at = 0; !enough; at++) {
      const wrong = await ask(at).catch((error: Error) => `${error.message} ${error.cause ?? ''}`)
      if (wrong === undefined) answered++
      else failed.push(wrong)
      await sleep(10)
    }
  }
  const overHttp = async (at: number) => {
    const body = message('tools/call', tools[at % tools.length]!)
    const response = await fetch(url, { method: 'POST', headers: session, body })
    return complaint(response.status, await response.text())
  }
  const overTls = async () => {
    const { status, text, serial } = await secure(https, authority(), session, message('ping'))
    certificates.add(serial)
    return complaint(status, text)
  }
  const ways = [each(overHttp), each(overHttp), each(overTls)]
  return {
    async stop() {
      enough = true
      await Promise.all(ways)
      return { failed, answered, certificates: [...certificates] }
    },
  }
}

function message(method: string, params: object = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
}

function complaint(status: number, text: string): string | undefined {
  const good = status === 200 && !text.includes('"isError":true') && text.includes('"result"')
  return good ? undefined : `${status} ${text}`
}

function secure(
  address: string,
  ca: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ status: number; text: string; serial: string }> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false, maxCachedSessions: 0 })
    const options = { method: 'POST', headers, ca, servername: 'localhost', agent }
    const sent = request(`https://${address}/mcp`, options, (response) => {
      let text = ''
      // Sessions are not resumed, so each connection shows a certificate.
      const serial = (response.socket as import('node:tls').TLSSocket).getPeerCertificate()
        .serialNumber
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, serial }))
      response.on('error', reject)
    })
    sent.setTimeout(10_000, () => sent.destroy(new Error('no answer within 10 s')))
    sent.on('error', reject)
    sent.end(body)
  })
}
