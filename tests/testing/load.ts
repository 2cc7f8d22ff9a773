/** What became of the requests of a load. */
export interface Outcome {
  readonly sent: number
  /** What went wrong, in words. */
  readonly failures: readonly string[]
  /** How many answers came from each version. */
  readonly answers: Readonly<Record<string, number>>
  /** Requests in a second. */
  readonly rate: number
}

/** Clients of an MCP server, which call the tool `nodes`: it says which node answers. */
export class Load {
  readonly #url: string
  #session = ''
  #sent = 0
  #failures: string[] = []
  #answers: Record<string, number> = {}

  /** @param address host and port, such as `127.0.0.1:8080` */
  constructor(address: string) {
    this.#url = `http://${address}/mcp`
  }

  /** Sends a request each `1000 / rate` ms while the work lasts, and waits for all answers. */
  async during(rate: number, work: () => Promise<unknown>): Promise<Outcome> {
    await this.#begin()
    const begin = Date.now()
    const open = new Set<Promise<void>>()
    let done = false
    const sending = (async () => {
      for (let next = begin; !done; next += 1000 / rate) {
        await sleep(Math.max(0, next - Date.now()))
        const request = this.#call().finally(() => open.delete(request))
        open.add(request)
      }
    })()
    try {
      await work()
    } finally {
      done = true
      await sending
      await Promise.all(open)
    }
    return this.#outcome(begin)
  }

  /** Sends so many requests, a few at a time. */
  async send(count: number): Promise<Outcome> {
    await this.#begin()
    const begin = Date.now()
    let left = count
    const client = async () => {
      while (left > 0) {
        left -= 1
        await this.#call()
      }
    }
    await Promise.all(Array.from({ length: 8 }, client))
    return this.#outcome(begin)
  }

  async #begin() {
    this.#sent = 0
    this.#failures = []
    this.#answers = {}
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'load', version: '1' },
    }
    const response = await this.#post({ id: 1, method: 'initialize', params })
    this.#session = response.headers.get('mcp-session-id') ?? ''
    await this.#post({ method: 'notifications/initialized' })
  }

  #outcome(begin: number): Outcome {
    const rate = (this.#sent / (Date.now() - begin)) * 1000
    return { sent: this.#sent, failures: this.#failures, answers: this.#answers, rate }
  }

  async #call(): Promise<void> {
    this.#sent += 1
    try {
      const params = { name: 'nodes', arguments: {} }
      const response = await this.#post({ id: 2, method: 'tools/call', params })
      const text = await response.text()
      const node = /erlmcp@erlmcp-(\w+)\.erlmcp\.internal/.exec(text)?.[1]
      if (response.status !== 200 || node === undefined) {
        this.#failures.push(`${response.status} ${text.slice(0, 200)}`)
      } else this.#answers[node] = (this.#answers[node] ?? 0) + 1
    } catch (error) {
      this.#failures.push(String((error as Error).cause ?? error))
    }
  }

  #post(message: object): Promise<Response> {
    return fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(this.#session !== '' && {
          'mcp-session-id': this.#session,
          'mcp-protocol-version': '2025-06-18',
        }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      signal: AbortSignal.timeout(30_000),
    })
  }
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
