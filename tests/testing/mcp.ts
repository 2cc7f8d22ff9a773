/** A client of the example's MCP server, over HTTP. */
export interface McpClient {
  send(message: object, session?: string, headers?: Record<string, string>): Promise<Response>
  /** Opens a session and returns its id. */
  session(): Promise<string>
  /** The result of a tool. */
  call(
    session: string,
    tool: string,
    args: object,
    headers?: Record<string, string>,
  ): Promise<{ content: { text: string }[]; isError?: boolean }>
}

/**
 * @param address where its port is published: `127.0.0.1:49153`
 * @example
 * const mcp = mcpClient(() => project.port('erlmcp', 8080))
 */
export function mcpClient(address: () => Promise<string>): McpClient {
  const send: McpClient['send'] = async (message, session, headers = {}) =>
    fetch(`http://${await address()}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session && { 'mcp-session-id': session, 'mcp-protocol-version': '2025-06-18' }),
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    })
  return {
    send,
    async session() {
      const params = {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      }
      const response = await send({ id: 1, method: 'initialize', params })
      if (!response.ok) throw new Error(`initialize: ${response.status}`)
      const id = response.headers.get('mcp-session-id')
      if (id === null) throw new Error('initialize: no session')
      return id
    },
    async call(session, name, args, headers) {
      const params = { name, arguments: args }
      const response = await send({ id: 2, method: 'tools/call', params }, session, headers)
      return ((await response.json()) as { result: never }).result
    },
  }
}
