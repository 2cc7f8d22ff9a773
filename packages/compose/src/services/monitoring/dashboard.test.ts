import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { afterAll, describe, expect, it } from 'vitest'
import { compose, service } from '../../index.ts'
import {
  dashboard,
  grafana,
  metrics,
  panel,
  panelsOf,
  prometheus,
  target,
  up,
  value,
} from '../index.ts'

// Instead of Grafana itself, its generated TypeScript schema checks the JSON: a dashboard must compile as
// a value of that type.

const root = resolve(import.meta.dirname, '../../../../..')
const shop = metrics({
  shop_store_up: { kind: 'gauge', labels: ['store'], help: 'Whether a "store" can be used.' },
  shop_orders_total: { kind: 'counter', labels: ['outcome'], help: 'Orders.' },
  shop_duration_seconds: { kind: 'histogram', labels: ['method'], help: 'Time to answer.' },
})
const panels = [
  panel('Targets', { shows: [value(up)], unit: 'bool_on_off', description: '`1`\n"up"' }),
  ...panelsOf(shop),
]
const watch = prometheus('watch', {
  targets: [target(service('shop', { image: 'shop:1.0' }), 9568, shop)],
})
const graphs = grafana('graphs', {
  prometheus: watch,
  dashboards: [dashboard('shop', { title: 'Shop', panels })],
})
const { artifacts } = synthesize(stack('shop', [compose('compose.yaml', [watch, graphs])]))
const synthesized = artifacts.find(({ path }) => path === 'docker/graphs/shop.json')!.text
const committed = ['erlmcp', 'traces'].map((uid) =>
  readFileSync(join(root, `examples/erlmcp/docker/grafana/${uid}.json`), 'utf8'),
)

describe('the JSON of a dashboard', () => {
  const cache = resolve(import.meta.dirname, '../../../node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'dashboard-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** The errors of the compiler for JSON texts as dashboards. */
  const compiled = (texts: readonly string[]) => {
    const program = texts.map((text, index) => {
      return `export const dashboard${index}: Dashboard = ${JSON.stringify(JSON.parse(text))}\n`
    })
    const types = "import type { Dashboard } from '@grafana/schema'\n"
    writeFileSync(join(folder, 'dashboards.ts'), `${types}${program.join('')}`)
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules/@types')], skipLibCheck: true },
      include: ['dashboards.ts'],
      exclude: [],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    try {
      execFileSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'])
      return []
    } catch (error) {
      const output = String((error as { stdout?: unknown }).stdout)
      return output.split('\n').filter((line) => line.includes('dashboards.ts'))
    }
  }

  it("is of the type of Grafana's own schema, key by key", () => {
    expect(compiled([synthesized, ...committed])).toEqual([])
  })

  it('is not with a key that Grafana does not know, or a value that it does not take', () => {
    const invalid = [
      synthesized.replace('"refresh"', '"refresh_every"'),
      synthesized.replace('"gridPos"', '"grid"'),
      synthesized.replace('"schemaVersion": 39', '"schemaVersion": "39"'),
      synthesized.replace('"unit": "bool_on_off"', '"units": "bool_on_off"'),
    ]
    for (const text of invalid) expect(text).not.toBe(synthesized)
    const lines = compiled(invalid).map((line) => Number(/\((\d+),/.exec(line)?.[1]))
    expect([...new Set(lines)]).toEqual([2, 3, 4, 5])
  })

  it('has ids, places and questions of its own for every panel', () => {
    const { panels: drawn } = JSON.parse(synthesized) as {
      panels: {
        id: number
        gridPos: { x: number; y: number; w: number; h: number }
        datasource: { type: string; uid: string }
        targets: { refId: string; datasource: { uid: string } }[]
      }[]
    }
    expect(drawn).toHaveLength(panels.length)
    expect(new Set(drawn.map(({ id }) => id)).size).toBe(panels.length)
    const places = drawn.map(({ gridPos: { x, y } }) => `${x},${y}`)
    expect(new Set(places).size).toBe(panels.length)
    for (const { gridPos, datasource, targets } of drawn) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      expect(datasource).toEqual({ type: 'prometheus', uid: 'watch' })
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
      for (const one of targets) expect(one.datasource.uid).toBe('watch')
    }
  })
})
