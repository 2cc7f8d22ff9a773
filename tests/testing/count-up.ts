// count-up.ts RATE COUNTER ORIGIN...: as a client of the MCP server, counts up RATE times a second, in turn over the
// origins, until its input ends or five minutes are over. Prints what became of it.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { during } from './load.ts'
import { answered, mcpClient } from './mcp.ts'

const [rate, name, ...origins] = process.argv.slice(2)
const clients = origins.map((origin) => mcpClient(() => origin))
const session = await clients[0]!.session()
let highest = 0

async function countUp(at: number) {
  const mcp = clients[at % clients.length]!
  const result = await mcp.call(session, 'counter_increment', { name })
  highest = Math.max(highest, Number(answered(result).value))
}

const outcome = await during(Number(rate), countUp, () => {
  process.stdout.write('started\n')
  return Promise.race([once(process.stdin.resume(), 'end'), sleep(300_000)])
})
process.stdout.write(`${JSON.stringify({ ...outcome, highest })}\n`, () => process.exit())
