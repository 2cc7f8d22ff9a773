import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { compose, network, override, type ServiceValue, secret, service } from '../../index.ts'
import {
  alert,
  alertmanager,
  below,
  dashboard,
  grafana,
  jaeger,
  metrics,
  otelCollector,
  panel,
  panelsOf,
  prometheus,
  sample,
  target,
  targets,
  up,
  value,
} from '../index.ts'

const shop = metrics({
  shop_store_up: { kind: 'gauge', labels: ['store'], help: 'Whether a store can be used.' },
  shop_orders_total: { kind: 'counter', labels: ['outcome'], help: 'Orders.' },
  shop_duration_seconds: { kind: 'histogram', help: 'Time to answer.' },
})
const other = metrics({ other_up: { kind: 'gauge', help: 'Of another program.' } })
const monitoring = network('monitoring', { internal: true })
const app = service('shop', { image: 'shop:1.0', networks: [monitoring] })
const storeDown = alert('StoreDown', {
  when: below(value(shop.shop_store_up), 1),
  for: '1m',
  severity: 'critical',
  summary: ({ store }) => `${store} cannot be used`,
  example: {
    fires: [sample(shop.shop_store_up, { store: 'postgres' }, 0)],
    quiet: [sample(shop.shop_store_up, { store: 'postgres' }, 1)],
  },
})
const otherDown = alert('OtherDown', {
  when: below(value(other.other_up), 1),
  severity: 'info',
  summary: 'down',
  example: { fires: [], quiet: [] },
})
const watch = prometheus('prometheus', {
  targets: [target(app, 9568, shop)],
  rules: [storeDown],
  networks: [monitoring],
})
const page = dashboard('shop', { title: 'Shop', panels: panelsOf(shop) })

const made = (...services: ServiceValue[]) => {
  const { artifacts, diagnostics, secrets } = synthesize(
    stack('shop', [compose('compose.yaml', services)]),
  )
  const text = (path: string) => artifacts.find((one) => one.path === path)?.text ?? ''
  return { diagnostics, secrets, text, file: (path: string) => parse(text(path)) }
}
const nodeOf = (of: ServiceValue) => made(of).file('compose.yaml').services[of.name]

describe('the monitoring services', () => {
  const alerts = alertmanager('alertmanager', { networks: [monitoring] })
  const traces = jaeger('jaeger', { networks: [monitoring] })
  const collector = otelCollector('otel-collector', { traces, networks: [monitoring] })
  const graphs = grafana('grafana', {
    prometheus: watch,
    jaeger: traces,
    dashboards: [page],
    networks: [monitoring],
  })
  const all = [watch, alerts, traces, collector, graphs]

  it('are whole services with their files, without an error', () => {
    const { diagnostics, text } = made(...all)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(text('compose.yaml')).toMatchSnapshot()
  })

  it('are behind a profile, without root or a port, and published on loopback only', () => {
    for (const one of all) {
      const node = nodeOf(one)
      expect(node).toMatchObject({ profiles: ['monitoring'], read_only: true, cap_drop: ['ALL'] })
      expect(node.user).toMatch(/^[1-9]/)
      expect(node.ports).toBeUndefined()
    }
    const { ports } = nodeOf(alertmanager('alertmanager', { publish: 9093 }))
    expect(ports).toMatchObject([{ host_ip: '127.0.0.1', target: 9093 }])
  })

  it('scrape, evaluate and tell', () => {
    const told = prometheus('prometheus', {
      targets: [target(app, 9568, shop, '/stats'), collector.target],
      rules: [storeDown],
      alertmanager: alerts,
      networks: [monitoring],
    })
    const { file } = made(told)
    expect(file('docker/prometheus/prometheus.yml')).toMatchObject({
      alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
      scrape_configs: [
        {
          job_name: 'shop',
          metrics_path: '/stats',
          static_configs: [{ targets: ['shop:9568'] }],
        },
        { job_name: 'otel-collector', static_configs: [{ targets: ['otel-collector:8888'] }] },
        { job_name: 'prometheus' },
        { job_name: 'alertmanager' },
      ],
    })
    expect(file('docker/prometheus/alerts.yml').groups[0].rules).toEqual([
      {
        alert: 'StoreDown',
        expr: '(shop_store_up) < 1',
        for: '1m',
        labels: { severity: 'critical' },
        annotations: { summary: '{{ $labels.store }} cannot be used' },
      },
    ])
  })

  it('scrape the nodes of a cluster as one job', () => {
    const nodes = [1, 2].map((index) => override(app, { name: `shop-node${index}` }))
    const all = targets('say "shop"', nodes, 9568, shop)
    const { file } = made(prometheus('prometheus', { targets: [all], networks: [monitoring] }))
    expect(file('docker/prometheus/prometheus.yml').scrape_configs[0]).toEqual({
      job_name: 'say "shop"',
      static_configs: [{ targets: ['shop-node1:9568', 'shop-node2:9568'] }],
    })
  })

  it('tell the URL of a secret', () => {
    const webhook = secret('chat-url')
    const { file, secrets } = made(alertmanager('alertmanager', { webhook }))
    expect(file('docker/alertmanager/alertmanager.yml').receivers).toEqual([
      {
        name: 'default',
        webhook_configs: [{ url_file: '/run/secrets/chat-url', send_resolved: true }],
      },
    ])
    expect(secrets).toMatchObject([{ path: 'secrets/chat-url', readers: [65534] }])
  })

  it('draw on data sources that have the uid that dashboards name', () => {
    const { file, text, secrets } = made(graphs)
    const { datasources } = file('docker/grafana/datasources.yml')
    expect(datasources).toMatchObject([
      { uid: 'prometheus', url: 'http://prometheus:9090', editable: false },
      { uid: 'jaeger', url: 'http://jaeger:16686', editable: false },
    ])
    const { uid, panels } = JSON.parse(text('docker/grafana/shop.json'))
    expect(uid).toBe('shop')
    expect(panels.map((one: { targets: { expr: string }[] }) => one.targets[0]?.expr)).toEqual([
      'shop_store_up',
      'sum by (outcome) (rate(shop_orders_total[5m]))',
      expect.stringContaining('histogram_quantile(0.5, '),
    ])
    for (const { datasource } of panels) expect(datasource.uid).toBe('prometheus')
    expect(secrets).toMatchObject([{ path: 'secrets/grafana-password', readers: [472] }])
    expect(nodeOf(graphs).environment).toMatchObject({
      GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana-password',
      GF_AUTH_ANONYMOUS_ENABLED: 'false',
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
    })
  })
})

describe('a configuration that cannot work is rejected', () => {
  const refused = (make: () => unknown) => expect(make)

  it('a rule or a panel on a metric that nothing scraped exports', () => {
    const targets = [target(app, 9568, shop)]
    refused(() => prometheus('prometheus', { targets, rules: [otherDown] })).toThrow(
      'the alert OtherDown queries other_up, which no target of this Prometheus exports',
    )
    const panels = [panel('Other', { shows: [value(other.other_up)] })]
    const dashboards = [dashboard('other', { title: 'Other', panels })]
    refused(() => grafana('grafana', { prometheus: watch, dashboards })).toThrow(
      'the panel Other queries other_up',
    )
  })

  it('two of one name', () => {
    const targets = [target(app, 9568, shop)]
    refused(() => prometheus('p', { targets, rules: [storeDown, storeDown] })).toThrow(
      'two alerts have the name StoreDown',
    )
    refused(() => prometheus('p', { targets: [...targets, ...targets] })).toThrow(
      'two scrape targets have the name shop',
    )
    refused(() => grafana('g', { prometheus: watch, dashboards: [page, page] })).toThrow(
      'the uid shop',
    )
  })

  it('a command of their own', () => {
    const extras = { command: ['--web.enable-admin-api'] }
    refused(() => prometheus('p', { targets: [], extras })).toThrow('without its configuration')
    refused(() => alertmanager('a', { extras })).toThrow('without its configuration')
    refused(() => jaeger('j', { extras })).toThrow('without its configuration')
    refused(() => grafana('g', { prometheus: watch, dashboards: [], extras })).toThrow(
      'without its',
    )
    refused(() => otelCollector('o', { traces: jaeger('j'), extras })).toThrow('without its')
  })

  it('a metric of the same name, but of another catalogue', () => {
    const other = metrics({
      shop_store_up: { kind: 'gauge', labels: ['region'], help: 'Something else.' },
    })
    const panels = [panel('Regions', { shows: [value(other.shop_store_up, { region: 'eu' })] })]
    const dashboards = [dashboard('regions', { title: 'Regions', panels })]
    refused(() => grafana('g', { prometheus: watch, dashboards, networks: [monitoring] })).toThrow(
      'the panel Regions queries shop_store_up of another catalogue',
    )
  })

  it('a job without services', () => {
    refused(() => targets('shop', [], 9568, shop)).toThrow('the job shop has no services')
    refused(() => targets('', [app], 9568, shop)).toThrow('a job needs a name')
    refused(() => targets('shop', [app], 9568.5, shop)).toThrow('shop has the invalid port 9568.5')
    const apart = override(app, { name: 'shop-2', networks: [network('elsewhere')] })
    refused(() =>
      prometheus('p', {
        targets: [targets('shop', [app, apart], 9568, shop)],
        networks: [monitoring],
      }),
    ).toThrow('p and shop-2 do not share a network')
  })

  it('two that meet in no network', () => {
    const elsewhere = network('elsewhere')
    const targets = [target(app, 9568, shop)]
    refused(() => prometheus('p', { targets })).toThrow('p and shop do not share a network')
    refused(() =>
      prometheus('p', { targets: [], alertmanager: alertmanager('a', { networks: [elsewhere] }) }),
    ).toThrow('p and a do not share a network')
    const traces = jaeger('j', { networks: [monitoring] })
    refused(() => otelCollector('o', { traces, networks: [elsewhere] })).toThrow('o and j do not')
    const drawn = { prometheus: watch, dashboards: [] }
    refused(() => grafana('g', { ...drawn, networks: [elsewhere] })).toThrow('g and prometheus')
    refused(() => grafana('g', { ...drawn, jaeger: jaeger('j'), networks: [monitoring] })).toThrow(
      'g and j do not share a network',
    )
    // The networks of a service on the host's network are unknown.
    const host = service('shop', { image: 'shop:1.0', network_mode: 'host' })
    prometheus('p', { targets: [target(host, 9568, shop)] })
  })

  it('invalid numbers and names', () => {
    refused(() => target(app, 9568, shop, '/metrics?all')).toThrow('is not a valid metrics path')
    // @ts-expect-error: no unit
    refused(() => prometheus('p', { targets: [], retentionSize: '8' })).toThrow(
      'retentionSize: expected a size',
    )
    refused(() => prometheus('p', { targets: [], retentionSize: '-1GB' })).toThrow(
      'retentionSize: expected a size',
    )
    const dotted = prometheus('eu.prometheus', { targets: [] })
    refused(() => grafana('g', { prometheus: dotted, dashboards: [] })).toThrow(
      'eu.prometheus is not a valid uid',
    )
    refused(() => target(app, 0, shop)).toThrow('shop has the invalid port 0')
    refused(() => jaeger('j', { maxTraces: 0.5 })).toThrow(
      'maxTraces: expected a number above 0, got 0.5',
    )
    refused(() => prometheus('p', { targets: [], retention: '0d' })).toThrow(
      'is not a valid Prometheus duration',
    )
    refused(() => dashboard('../x', { title: 'x', panels: [] })).toThrow(
      'is not a valid dashboard uid',
    )
    refused(() => panel('Nothing', { shows: [] })).toThrow('has no expression')
    refused(() => panel('In $region', { shows: [value(up)] })).toThrow(
      'the syntax of a Grafana variable',
    )
  })
})
