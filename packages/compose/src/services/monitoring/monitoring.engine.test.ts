import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Source, stack, synthesize } from '@erlmcp/core'
import { describeEngine, ensureImages, run, runLabel } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compose, secret, service } from '../../index.ts'
import {
  above,
  absent,
  alert,
  alertmanager,
  below,
  divide,
  increase,
  max,
  metrics,
  min,
  prometheus,
  quantile,
  rate,
  sample,
  sum,
  target,
  value,
} from '../index.ts'

// Prometheus' and Alertmanager's own tools judge what we print.

const images = ['prom/prometheus:v3.13.5', 'prom/alertmanager:v0.34.2'] as const
const shop = metrics({
  shop_orders_total: { kind: 'counter', labels: ['outcome'], help: 'Orders.' },
  shop_store_up: { kind: 'gauge', labels: ['store'], help: 'Whether a store can be used.' },
  shop_duration_seconds: { kind: 'histogram', labels: ['method'], help: 'Time to answer.' },
})
const app = service('shop', { image: 'shop:1.0' })
const orders = rate(shop.shop_orders_total, '5m')
const none = { fires: [], quiet: [] }
const minute = { perMinute: 60 }

const rules = [
  alert('StoreDown', {
    when: below(min(value(shop.shop_store_up), ['store', 'job']), 1),
    for: '90s',
    severity: 'critical',
    summary: ({ store, job }, count) => `"${store}" of ${job}: ${count} %d \\ 'é'`,
    example: {
      fires: [sample(shop.shop_store_up, { store: 'postgres' }, 0)],
      quiet: [sample(shop.shop_store_up, { store: 'postgres' }, 1)],
    },
  }),
  alert('OrdersFail', {
    when: above(
      divide(sum(rate(shop.shop_orders_total, '5m', { outcome: 'bad' })), sum(orders)),
      0.1,
    ),
    severity: 'warning',
    summary: 'orders fail',
    example: {
      fires: [sample(shop.shop_orders_total, { outcome: 'bad' }, minute)],
      quiet: [
        sample(shop.shop_orders_total, { outcome: 'bad' }, { perMinute: 1 }),
        sample(shop.shop_orders_total, { outcome: 'ok' }, minute),
      ],
    },
  }),
  alert('Slow', {
    when: above(quantile(0.95, shop.shop_duration_seconds, '5m', ['method']), 1),
    for: '5m',
    severity: 'warning',
    summary: ({ method }) => `${method} is slow`,
    example: {
      fires: [sample(shop.shop_duration_seconds, { method: 'pay' }, minute, 5)],
      quiet: [sample(shop.shop_duration_seconds, { method: 'pay' }, minute, 0.5)],
    },
  }),
  alert('Silent', {
    when: absent(shop.shop_duration_seconds),
    severity: 'info',
    summary: 'no measurements',
    example: { fires: [], quiet: [sample(shop.shop_duration_seconds, {}, minute)] },
  }),
]

/** One rule for each text that could end its quotes, or be a template. */
const odd = ['"', '\\', '\n', "'", '`', '{{', '}}', '$1', '\u0000', 'é😀', '#', ': ', '{x="y"}']
const oddRules = odd.map((store, index) =>
  alert(`Odd${index}`, {
    when: above(max(value(shop.shop_store_up, { store: { not: store } })), -1e21),
    severity: 'info',
    summary: `${index}`,
    example: {
      fires: [sample(shop.shop_store_up, { store: `${store}x` }, 1)],
      quiet: [sample(shop.shop_store_up, { store }, 1)],
    },
  }),
)

describeEngine('the files of Prometheus and Alertmanager', () => {
  const folders: string[] = []
  beforeAll(() => ensureImages(images), 600_000)
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  const written = (...sources: Source[]): string => {
    const root = mkdtempSync(join(tmpdir(), 'erlmcp-monitoring-'))
    folders.push(root)
    chmodSync(root, 0o755)
    for (const { path, text } of synthesize(stack('shop', sources)).artifacts) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    return join(root, 'docker')
  }
  const tool = async (image: string, folder: string, entrypoint: string, ...argv: string[]) => {
    const { code, stdout, stderr } = await run([
      ...(['docker', 'run', '--rm', '--label', runLabel(), '--network', 'none'] as const),
      ...['--volume', `${folder}:/etc/${image}:ro`, '--entrypoint', entrypoint],
      ...[images.find((one) => one.includes(image))!, ...argv],
    ])
    return { code, output: stdout + stderr }
  }
  const promtool = (folder: string, ...argv: string[]) =>
    tool('prometheus', join(folder, 'prometheus'), 'promtool', ...argv)
  const testing = (folder: string) =>
    promtool(folder, 'test', 'rules', '/etc/prometheus/alerts.test.yml')

  it('pass promtool, and each rule fires in its example and in no other', async () => {
    const watch = prometheus('prometheus', {
      targets: [target(app, 9568, shop)],
      rules: [...rules, ...oddRules],
      alertmanager: alertmanager('alertmanager'),
    })
    const folder = written(compose('compose.yaml', [watch]), watch.tests)
    const checked = await promtool(
      folder,
      ...['check', 'config', '--lint=all', '--lint-fatal', '/etc/prometheus/prometheus.yml'],
    )
    expect(checked).toMatchObject({ code: 0 })
    expect(checked.output).toContain(`${rules.length + odd.length} rules found`)
    expect(await promtool(folder, 'check', 'web-config', '/etc/prometheus/web.yml')).toMatchObject({
      code: 0,
    })
    expect(await testing(folder)).toMatchObject({
      code: 0,
      output: expect.stringContaining('SUCCESS'),
    })
  })

  it.each([
    ['does not fire', 2, 1],
    ['is not quiet', 0, 0],
  ])('fail promtool where a rule %s', async (_, fires, quiet) => {
    const wrong = alert('Wrong', {
      when: below(value(shop.shop_store_up), 1),
      severity: 'info',
      summary: 'wrong',
      example: {
        fires: [sample(shop.shop_store_up, {}, fires)],
        quiet: [sample(shop.shop_store_up, {}, quiet)],
      },
    })
    const watch = prometheus('prometheus', { targets: [target(app, 1, shop)], rules: [wrong] })
    const { code, output } = await testing(written(compose('compose.yaml', [watch]), watch.tests))
    expect(code).toBe(1)
    expect(output).toContain('FAILED')
  })

  it('pass promtool without rules, and with every function of an expression', async () => {
    const bare = prometheus('prometheus', { targets: [] })
    const files = written(compose('compose.yaml', [bare]), bare.tests)
    expect(
      await promtool(files, 'check', 'config', '/etc/prometheus/prometheus.yml'),
    ).toMatchObject({
      code: 0,
    })
    expect(await testing(files)).toMatchObject({ code: 0 })
    const when = above(max(increase(shop.shop_orders_total, '1h')), 1e-7)
    const one = alert('Many', { when, severity: 'info', summary: 'many', example: none })
    const watch = prometheus('prometheus', { targets: [target(app, 1, shop)], rules: [one] })
    expect(
      await promtool(
        written(compose('compose.yaml', [watch])),
        ...['check', 'rules', '/etc/prometheus/alerts.yml'],
      ),
    ).toMatchObject({ code: 0 })
  })

  it.each([
    ['alone', undefined],
    ['with a webhook', secret('chat')],
  ])('pass amtool: %s', async (_, webhook) => {
    const alerts = alertmanager('alertmanager', { ...(webhook && { webhook }) })
    const folder = join(written(compose('compose.yaml', [alerts])), 'alertmanager')
    const file = '/etc/alertmanager/alertmanager.yml'
    expect(await tool('alertmanager', folder, 'amtool', 'check-config', file)).toMatchObject({
      code: 0,
    })
  })
})
