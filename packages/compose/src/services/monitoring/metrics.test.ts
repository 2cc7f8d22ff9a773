import { basename } from 'node:path'
import { isUserError, stack, synthesize } from '@erlmcp/core'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { compose, service } from '../../index.ts'
import {
  above,
  absent,
  alert,
  below,
  dashboard,
  divide,
  grafana,
  increase,
  max,
  metrics,
  min,
  panelsOf,
  prometheus,
  quantile,
  rate,
  sample,
  sum,
  target,
  up,
  value,
} from '../index.ts'

const shop = metrics({
  shop_orders_total: { kind: 'counter', labels: ['outcome', 'shop'], help: 'Orders.' },
  shop_store_up: { kind: 'gauge', labels: ['store'], help: 'Whether a store can be used.' },
  shop_duration_seconds: { kind: 'histogram', labels: ['method'], help: 'Time to answer.' },
})

/** The message of a UserError, and the file that it is located in. */
function refusal(make: () => unknown): { message: string; file: string } {
  try {
    make()
  } catch (error) {
    if (isUserError(error))
      return { message: error.summary, file: basename(error.location?.file ?? '') }
  }
  return expect.unreachable()
}

describe('a catalogue', () => {
  it('has each metric with the labels of its own and of the scrape', () => {
    expect(shop.shop_store_up).toEqual({
      kind: 'metric',
      name: 'shop_store_up',
      type: 'gauge',
      labels: ['store', 'job', 'instance'],
      help: 'Whether a store can be used.',
    })
    expect(up.labels).toEqual(['job', 'instance'])
    expectTypeOf(shop.shop_store_up.labels[0]!).toEqualTypeOf<'store' | 'job' | 'instance'>()
  })

  it.each([
    [{ '1st': { kind: 'gauge', help: '' } }, '"1st" is not a valid metric name'],
    [{ 'a{b="c"}': { kind: 'gauge', help: '' } }, 'is not a valid metric name'],
    [
      { a: { kind: 'gauge', label: ['b'], help: '' } },
      'the metric a has "label", which is not a key',
    ],
    [{ a: { kind: 'summary', help: '' } }, 'the metric a has the unknown kind "summary"'],
    [{ orders: { kind: 'counter', help: '' } }, 'the counter orders does not end in _total'],
    [{ a: { kind: 'gauge', labels: ['le'], help: '' } }, '"le" is not a valid label of a'],
    [{ a: { kind: 'gauge', labels: ['b-c'], help: '' } }, '"b-c" is not a valid label of a'],
    [
      { a: { kind: 'histogram', help: '' }, a_count: { kind: 'gauge', help: '' } },
      'the metric a_count is also a series of a histogram',
    ],
  ] as const)('refuses %j', (specs, message) => {
    expect(() => metrics(specs as Parameters<typeof metrics>[0])).toThrow(message)
  })
})

describe('a huge catalogue', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `shop_${index}_total`)
  const spec = { kind: 'counter', labels: ['outcome'], help: 'One of many.' } as const
  const huge = metrics(Object.fromEntries(names.map((name) => [name, spec])))

  it('is drawn, every metric of it', () => {
    const watch = prometheus('watch', {
      targets: [target(service('shop', { image: 'shop:1.0' }), 9568, huge)],
    })
    const page = dashboard('shop', { title: 'Shop', panels: panelsOf(huge) })
    const graphs = grafana('graphs', { prometheus: watch, dashboards: [page] })
    const { artifacts } = synthesize(stack('shop', [compose('compose.yaml', [watch, graphs])]))
    const { text } = artifacts.find(({ path }) => path === 'docker/graphs/shop.json')!
    expect(JSON.parse(text).panels).toHaveLength(names.length)
  })
})

describe('an expression', () => {
  it.each([
    [value(shop.shop_store_up), 'shop_store_up'],
    [value(shop.shop_store_up, { store: 'redis' }), 'shop_store_up{store="redis"}'],
    [
      rate(shop.shop_orders_total, '5m', { outcome: { not: 'ok' }, job: 'shop' }),
      'rate(shop_orders_total{outcome!="ok", job="shop"}[5m])',
    ],
    [rate(shop.shop_duration_seconds, '1m'), 'rate(shop_duration_seconds_count[1m])'],
    [increase(shop.shop_orders_total, '1h'), 'increase(shop_orders_total[1h])'],
    [
      quantile(0.95, shop.shop_duration_seconds, '5m', ['method']),
      'histogram_quantile(0.95, sum by (method, le) (rate(shop_duration_seconds_bucket[5m])))',
    ],
    [sum(rate(shop.shop_orders_total, '5m')), 'sum (rate(shop_orders_total[5m]))'],
    [max(value(shop.shop_store_up), ['store']), 'max by (store) (shop_store_up)'],
    [min(value(up), ['job']), 'min by (job) (up)'],
    [absent(shop.shop_duration_seconds), 'absent(shop_duration_seconds_count)'],
    [below(value(up), 1), '(up) < 1'],
    [above(divide(value(up), value(up)), 0.5), '((up) / (up)) > 0.5'],
  ])('%# is PromQL', (expression, text) => expect(expression.text).toBe(text))

  it('on an unknown metric or label does not compile, and is an error with its location', () => {
    // @ts-expect-error: no such metric
    expect(refusal(() => value(shop.shop_stores_up))).toEqual({
      message: 'the metric is not in the catalogue',
      file: 'metrics.test.ts',
    })
    // @ts-expect-error: no such label
    expect(refusal(() => value(shop.shop_store_up, { stores: 'a' }))).toEqual({
      message: 'shop_store_up has no label "stores"',
      file: 'metrics.test.ts',
    })
    // @ts-expect-error: the sum by outcome has no other label
    const wrong = () => sum(sum(rate(shop.shop_orders_total, '5m'), ['outcome']), ['shop'])
    expect(refusal(wrong).message).toBe('what sum is of has no label "shop"')
    // @ts-expect-error: a gauge has no rate
    rate(shop.shop_store_up, '5m')
    // @ts-expect-error: a counter has no quantiles
    quantile(0.5, shop.shop_orders_total, '5m')
  })

  it('rejects invalid durations, quantiles and limits', () => {
    expect(() => rate(shop.shop_orders_total, '0m')).toThrow(
      '"0m" is not a valid Prometheus duration',
    )
    expect(() => rate(shop.shop_orders_total, '1.5m')).toThrow('is not a valid Prometheus duration')
    // @ts-expect-error: no unit
    expect(() => rate(shop.shop_orders_total, '5')).toThrow('is not a valid Prometheus duration')
    expect(() => quantile(95, shop.shop_duration_seconds, '5m')).toThrow(
      '95 is not a valid quantile',
    )
    expect(() => below(value(up), Number.NaN)).toThrow('expected a finite number, got NaN')
  })

  it('rejects half of a surrogate pair, and values that are not text', () => {
    const half = '\ud800'
    expect(() => value(shop.shop_store_up, { store: half })).toThrow(
      'is not a valid value of the label',
    )
    expect(() => sample(shop.shop_store_up, { store: half }, 0)).toThrow('is not a valid value')
    // @ts-expect-error: no text
    expect(() => value(shop.shop_store_up, { store: 5 })).toThrow('5 is not a valid value')
  })

  it('keeps any text of a label inside its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (store) => {
        const { text } = value(shop.shop_store_up, { store })
        const inside = /^shop_store_up\{store=(".*")\}$/s.exec(text)?.[1] ?? ''
        expect(inside.slice(1, -1)).toMatch(/^(?:[^"\\\n]|\\.)*$/)
        expect(JSON.parse(inside)).toBe(store)
      }),
    )
  })
})

describe('an alert', () => {
  const example = { fires: [sample(shop.shop_store_up, {}, 0)], quiet: [] }
  const when = below(value(shop.shop_store_up), 1)

  it('has labels and the value in its summary as templates', () => {
    const { summary } = alert('StoreDown', {
      when,
      severity: 'critical',
      summary: ({ store }, count) => `${store} is down: ${count}`,
      example,
    })
    expect(summary).toBe('{{ $labels.store }} is down: {{ $value | humanize }}')
  })

  it('refuses other templates, bad names, and examples of something else', () => {
    const options = { when, severity: 'info', summary: 'down', example } as const
    for (const summary of ['{{ query "up" }}', '']) {
      expect(() => alert('Down', { ...options, summary })).toThrow('the summary of Down')
    }
    expect(() => alert('Down', { ...options, summary: ({ store }) => `${store}{{ x }}` })).toThrow(
      'has {{',
    )
    expect(() => alert('store down', options)).toThrow('is not a valid alert name')
    const other = { fires: [sample(up, {}, 0)], quiet: [] }
    expect(() => alert('Down', { ...options, example: other })).toThrow('which the rule does not')
    // @ts-expect-error: the expression has no such label
    alert('Down', { ...options, summary: ({ stores }) => `${stores}` })
    const orders = shop.shop_orders_total
    for (const course of [Number.NaN, { perMinute: -1 }, { perMinute: Number.POSITIVE_INFINITY }]) {
      expect(() => sample(orders, {}, course)).toThrow(
        'is not a valid value of a metric in an example',
      )
    }
    expect(() => sample(shop.shop_duration_seconds, {}, 1, 0)).toThrow(
      '0 is not a valid bucket bound',
    )
    // @ts-expect-error: the metric has no such label
    expect(() => sample(up, { store: 'a' }, 0)).toThrow('up has no label "store"')
  })
})
