import { randomBytes } from 'node:crypto'
import type { ComposeProject } from '@erlmcp/testkit'
import { expect, it } from 'vitest'
import type { McpClient } from './mcp.ts'

/** A deployment that runs, with its client. */
export interface Watched {
  readonly project: ComposeProject
  /** Where its files are. */
  readonly folder: string
  readonly mcp: McpClient
}

interface Span {
  readonly spanID: string
  readonly operationName: string
  readonly references: readonly { refType: string; traceID: string; spanID: string }[]
  readonly tags: readonly { key: string; value: unknown }[]
  readonly processID: string
}

interface Trace {
  readonly spans: readonly Span[]
  readonly processes: Readonly<
    Record<string, { serviceName: string; tags: readonly { key: string; value: unknown }[] }>
  >
}

/** A trace that begins here, and how Jaeger tells of it. */
export function traceOf(watched: () => Watched) {
  const id = randomBytes(16).toString('hex')
  const parent = randomBytes(8).toString('hex')
  const found = async (): Promise<Trace | undefined> => {
    const at = await watched().project.port('jaeger', 16_686)
    const response = await fetch(`http://${at}/api/traces/${id}`)
    if (response.status === 404) return undefined
    return ((await response.json()) as { data: Trace[] }).data[0]
  }
  const names = async () => ((await found())?.spans ?? []).map((span) => span.operationName).sort()
  return { id, parent, header: { traceparent: `00-${id}-${parent}-01` }, found, names }
}

const tagsOf = ({ tags }: { readonly tags: readonly { key: string; value: unknown }[] }) =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]))

export function describeTraces(watched: () => Watched): void {
  it.each([
    ['note_add', { text: 'confidential text' }, 'INSERT', 'postgresql'],
    ['counter_increment', { name: 'confidential-name' }, 'INCR', 'redis'],
  ])(
    'a call of %s is a trace in Jaeger, down to the store',
    async (tool, args, operation, store) => {
      const { mcp } = watched()
      const id = await mcp.session()
      const trace = traceOf(watched)
      await mcp.call(id, tool, args, trace.header)
      await expect
        .poll(trace.names, { timeout: 60_000, interval: 1000 })
        .toEqual([operation, 'POST /mcp', 'tools/call'].sort())
      const { spans, processes } = (await trace.found())!
      const named = (name: string) => spans.find((span) => span.operationName === name)!
      const [http, rpc, db] = ['POST /mcp', 'tools/call', operation].map(named)
      const childOf = (spanID: string) => [{ refType: 'CHILD_OF', traceID: trace.id, spanID }]
      expect(http!.references).toEqual(childOf(trace.parent))
      expect(rpc!.references).toEqual(childOf(http!.spanID))
      expect(db!.references).toEqual(childOf(rpc!.spanID))
      expect(tagsOf(http!)).toMatchObject({
        'span.kind': 'server',
        'http.request.method': 'POST',
        'http.response.status_code': 200,
      })
      expect(tagsOf(rpc!)).toMatchObject({
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': tool,
      })
      expect(tagsOf(db!)).toMatchObject({
        'span.kind': 'client',
        'db.system.name': store,
        'db.operation.name': operation,
      })
      expect(JSON.stringify(spans)).not.toMatch(/confidential/)
      const process = processes[http!.processID]!
      expect(process.serviceName).toBe('erlmcp')
      expect(tagsOf(process)).toMatchObject({
        'service.version': '3.0.0',
        'service.instance.id': 'erlmcp@erlmcp.erlmcp.internal',
      })
    },
  )

  it('what failed is marked, and what its client does not want traced is not', async () => {
    const { mcp } = watched()
    const id = await mcp.session()
    const wanted = traceOf(watched)
    const unwanted = traceOf(watched)
    const not = { traceparent: unwanted.header.traceparent.replace(/01$/, '00') }
    await mcp.send({ id: 7, method: 'no/such' }, id, not)
    await mcp.send({ id: 7, method: 'no/such' }, id, wanted.header)
    await expect
      .poll(wanted.names, { timeout: 60_000, interval: 1000 })
      .toEqual(['POST /mcp', 'other'])
    const failed = (await wanted.found())!.spans.find((span) => span.operationName === 'other')!
    expect(tagsOf(failed)).toMatchObject({ error: true, 'error.type': '-32601' })
    expect(await unwanted.names()).toEqual([])
  })
}
