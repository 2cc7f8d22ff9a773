import { type Ask, during, type Outcome, times } from './load.ts'
import { answered, mcpClient } from './mcp.ts'

export interface Versions extends Outcome {
  /** How many answers came from each version. */
  readonly answers: Readonly<Record<string, number>>
}

/** Load on the versions behind a proxy: each request asks which node answers. */
export function versionsAt(origin: string) {
  const mcp = mcpClient(() => origin)

  async function counted(load: (ask: Ask) => Promise<Outcome>): Promise<Versions> {
    const session = await mcp.session()
    const answers: Record<string, number> = {}
    const outcome = await load(async () => {
      const { self } = answered(await mcp.call(session, 'nodes', {}))
      const version = /^erlmcp@erlmcp-(\w+)\.erlmcp\.internal$/.exec(String(self))?.[1]
      if (version === undefined) throw new Error(`${self} is not a version`)
      answers[version] = (answers[version] ?? 0) + 1
    })
    return { ...outcome, answers }
  }

  return {
    during: (rate: number, work: () => Promise<unknown>) =>
      counted((ask) => during(rate, ask, work)),
    times: (count: number) => counted((ask) => times(count, ask)),
  }
}
