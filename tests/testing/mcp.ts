/** A client of the example's MCP server, over HTTP. */
export interface McpClient {
  send(message: object, session?: string, headers?: Record<string, string>): Promise<Response>
  /** The first request of a session. */
  initialize(): Promise<Response>
  /** Opens a session and returns its id, which is good at every node. */
  session(): Promise<string>
  /** The result of a request; an error is thrown. */
  request(
    session: string,
    method: string,
    params?: object,
    headers?: Record<string, string>,
  ): Promise<unknown>
  /** The names of the tools. */
  tools(session: string): Promise<readonly string[]>
  /** The result of a tool, also of one that failed. */
  call(
    session: string,
    tool: string,
    args: object,
    headers?: Record<string, string>,
  ): Promise<ToolResult>
}

export interface ToolResult {
  readonly content: readonly { readonly text: string }[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
  readonly isError?: boolean
}

/** `fetch`, or what takes its place. */
export type Fetch = (
  url: string,
  request: { method: string; headers: Record<string, string>; body: string; signal: AbortSignal },
) => Promise<Response>

const protocolVersion = '2025-06-18'

/**
 * @param origin where the server is now
 * @example
 * const mcp = mcpClient(async () => `http://${await project.port('erlmcp', 8080)}`)
 */
export function mcpClient(origin: () => string | Promise<string>, ask: Fetch = fetch): McpClient {
  const send: McpClient['send'] = async (message, session, headers = {}) => {
    const url = `${await origin()}/mcp`
    const request = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session && { 'mcp-session-id': session, 'mcp-protocol-version': protocolVersion }),
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      signal: AbortSignal.timeout(20_000),
    }
    return ask(url, request).catch((error: Error) => {
      throw new Error(`${url}: ${error.cause ?? error}`, { cause: error })
    })
  }

  const initialize = () => {
    const clientInfo = { name: 'test', version: '1' }
    const params = { protocolVersion, capabilities: {}, clientInfo }
    return send({ id: 1, method: 'initialize', params })
  }

  const request: McpClient['request'] = async (session, method, params = {}, headers = {}) => {
    const response = await send({ id: 2, method, params }, session, headers)
    const text = await response.text()
    const { result } = (response.ok ? JSON.parse(text) : {}) as { result?: unknown }
    if (result === undefined) throw new Error(`${method}: ${response.status} ${text}`)
    return result
  }

  return {
    send,
    initialize,
    request,
    async session() {
      const response = await initialize()
      const id = response.headers.get('mcp-session-id')
      if (!response.ok || id === null) throw new Error(`initialize: ${response.status}, ${id}`)
      await send({ method: 'notifications/initialized' }, id)
      return id
    },
    async tools(session) {
      const { tools } = (await request(session, 'tools/list')) as { tools: { name: string }[] }
      return tools.map(({ name }) => name)
    },
    async call(session, name, args, headers) {
      const params = { name, arguments: args }
      return (await request(session, 'tools/call', params, headers)) as ToolResult
    },
  }
}

/** What a tool answered, where it did not fail. */
export function answered({ content, structuredContent, isError }: ToolResult) {
  if (isError || !structuredContent) throw new Error(content[0]?.text ?? 'it answered nothing')
  return structuredContent
}
