import { afterAll, describe, it } from 'vitest'
import { downAll } from './compose.ts'
import { type EngineSearch, engineRequired, findEngine } from './engine.ts'
import { endSwarms, findSwarm } from './swarm.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Set by `describeEngine`: whether its tests ran, or the reason why they were skipped. */
    engine?: { readonly ran: true } | { readonly ran: false; readonly reason: string }
  }
}

/**
 * A vitest `describe` for tests that need a Docker engine. Without one its tests are skipped and the
 * reporter counts them with the reason; with `ERLMCP_ENGINE=required` a missing engine fails instead.
 * Compose projects that its tests started are removed when it ends.
 *
 * @example
 * describeEngine('the reference deployment', () => {
 *   const project = composeProject(directory)
 *   it('becomes healthy', () => project.up({ wait: true }))
 * })
 */
export function describeEngine(name: string, tests: () => void): void {
  describeWhere(findEngine(), 'a Docker engine', name, tests)
}

/**
 * The same for tests that need a swarm of engines on this machine, which takes root.
 *
 * @example
 * describeSwarm('a stack', () => {
 *   let swarm: SwarmOfEngines
 *   beforeAll(async () => {
 *     swarm = await swarmOfEngines(3)
 *   })
 * })
 */
export function describeSwarm(name: string, tests: () => void): void {
  describeWhere(findSwarm(), 'a swarm of engines', name, tests)
}

function describeWhere(
  search: EngineSearch,
  message: string,
  name: string,
  tests: () => void,
): void {
  if (search.found) {
    describe(name, { meta: { engine: { ran: true } } }, () => {
      tests()
      // Last here is first at the end, before a test removes the directory that compose runs in.
      afterAll(async () => {
        await downAll()
        await endSwarms()
      }, 300_000)
    })
    return
  }
  const { reason } = search
  if (engineRequired()) {
    describe(name, () => {
      it(`needs ${message}`, () => {
        const missing =
          message === 'a Docker engine' ? 'no engine answers' : `there is not ${message}`
        throw new Error(`ERLMCP_ENGINE=required, but ${missing}: ${reason}`)
      })
    })
    return
  }
  describe.skip(name, { meta: { engine: { ran: false, reason } } }, tests)
}
