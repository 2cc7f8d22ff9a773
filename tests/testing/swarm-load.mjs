// swarm-load.mjs RATE COUNTER URL...: as a client of the MCP server, counts up RATE times a second, in turn over the
// addresses, until its input ends or five minutes are over. Prints what was sent, what failed, and why.
const [rate, counter, ...urls] = process.argv.slice(2)
const limit = Date.now() + 300_000

const headers = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}

async function send(url, message, session) {
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      ...headers,
      ...(session && { 'mcp-session-id': session, 'mcp-protocol-version': '2025-06-18' }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    signal: AbortSignal.timeout(20_000),
  })
  return { response, text: await response.text() }
}

async function begin(url) {
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'load', version: '1' },
  }
  const { response } = await send(url, { id: 1, method: 'initialize', params })
  const session = response.headers.get('mcp-session-id')
  await send(url, { method: 'notifications/initialized' }, session)
  return session
}

const session = await begin(urls[0])
const params = { name: 'counter_increment', arguments: { name: counter } }
const failures = []
let sent = 0
let highest = 0
let slowest = 0

async function one(url) {
  const begun = Date.now()
  try {
    const { response, text } = await send(url, { id: sent, method: 'tools/call', params }, session)
    const { result } = JSON.parse(text)
    if (response.status !== 200 || !result || result.isError)
      throw new Error(`${response.status} ${text}`)
    highest = Math.max(
      highest,
      ...text
        .match(/\d+/g)
        .map(Number)
        .filter((n) => n <= sent + 1),
    )
  } catch (error) {
    failures.push(
      `after ${Date.now() - begun} ms at ${url}: ${error.message} ${error.cause?.message ?? ''}`,
    )
  }
  slowest = Math.max(slowest, Date.now() - begun)
}

const started = Date.now()
const running = new Set()
let over = false
process.stdin
  .on('data', () => undefined)
  .on('end', () => {
    over = true
  })
process.stdout.write('started\n')
// What is due is counted from the start: a machine that stutters sends the more afterwards.
while (!over && Date.now() < limit) {
  const due = Math.floor(((Date.now() - started) * rate) / 1000)
  while (sent < due) {
    const request = one(urls[sent % urls.length])
    sent += 1
    running.add(request)
    request.finally(() => running.delete(request))
  }
  await new Promise((resolve) => setTimeout(resolve, 5))
}
const seconds = (Date.now() - started) / 1000
await Promise.all(running)
process.stdout.write(`${JSON.stringify({ sent, seconds, failures, highest, slowest })}\n`)
