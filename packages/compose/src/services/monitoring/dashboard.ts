import { type Document, ORIGIN, type Origin, originOf, textFile, UserError } from '@erlmcp/core'
import type { AnyCatalogue, Metric } from './metrics.ts'
import { type Expression, quantile, rate, sum, value } from './promql.ts'

/** How Grafana writes the numbers of a panel (Grafana, "Standard options", unit). */
export type Unit = 'short' | 'percentunit' | 's' | 'bytes' | 'reqps' | 'ops' | 'bool_on_off'

export interface PanelOptions {
  /** What it draws: one line for each sample of each of these. */
  readonly shows: readonly Expression[]
  /** Default: `short`, a number. */
  readonly unit?: Unit
  /** What the reader should know. */
  readonly description?: string
}

/** A graph of a dashboard. */
export interface Panel {
  readonly kind: 'panel'
  readonly title: string
  readonly shows: readonly Expression[]
  readonly unit: Unit
  readonly description: string
  readonly [ORIGIN]?: Origin | undefined
}

/** A page of graphs. */
export interface Dashboard {
  readonly kind: 'dashboard'
  /** Its id in Grafana's addresses, and the name of its file. */
  readonly uid: string
  readonly title: string
  readonly panels: readonly Panel[]
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A graph of what the catalogue has.
 *
 * @throws UserError without anything to draw, or where Grafana would read a variable in the text
 * @example
 * panel('Orders', { shows: [sum(rate(shop.shop_orders_total, '5m'), ['outcome'])], unit: 'ops' })
 */
export function panel(title: string, options: PanelOptions): Panel {
  const origin = originOf(panel)
  const { shows, unit = 'short', description = '' } = options
  if (shows.length === 0) {
    throw new UserError({
      message: `the panel ${JSON.stringify(title)} has no expression`,
      hint: 'Give an expression: panel("Orders", { shows: [rate(…)] }).',
      origin,
    })
  }
  for (const text of [title, description, ...shows.map((one) => one.text)]) {
    if (!/\$\w|\$\{|\[\[/.test(text)) continue
    throw new UserError({
      message: `${JSON.stringify(text)} contains the syntax of a Grafana variable`,
      hint: 'Remove `$name`, `${name}` and `[[name]]`: the dashboard has no variables.',
      origin,
    })
  }
  return Object.freeze({ kind: 'panel', title, shows, unit, description, [ORIGIN]: origin })
}

/**
 * A page of graphs, two in a row, in the order of the list.
 *
 * @param uid lower-case letters, digits and dashes, at most 40
 * @example
 * dashboard('shop', { title: 'Shop', panels: panelsOf(shop) })
 */
export function dashboard(
  uid: string,
  { title, panels }: { readonly title: string; readonly panels: readonly Panel[] },
): Dashboard {
  const origin = originOf(dashboard)
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(uid)) {
    throw new UserError({
      message: `${JSON.stringify(uid)} is not a valid dashboard uid`,
      hint: 'Use up to 40 lower-case letters, digits and dashes.',
      origin,
    })
  }
  return Object.freeze({ kind: 'dashboard', uid, title, panels, [ORIGIN]: origin })
}

/**
 * A graph for every metric of a catalogue: the rate of a counter, the value of a gauge, three
 * quantiles of a histogram.
 */
export function panelsOf(catalogue: AnyCatalogue): readonly Panel[] {
  return Object.values(catalogue).map(panelOf)
}

function panelOf(metric: Metric): Panel {
  const description = metric.help
  if (is(metric, 'counter')) {
    const own = metric.labels.filter((label) => label !== 'job' && label !== 'instance')
    const shows = [sum(rate(metric, '5m'), own)]
    return panel(`${metric.name}, per second`, { shows, unit: 'ops', description })
  }
  const unit = unitOf(metric.name)
  if (is(metric, 'gauge')) return panel(metric.name, { shows: [value(metric)], unit, description })
  const histogram = metric as Metric<'histogram'>
  const shows = [0.5, 0.95, 0.99].map((share) => quantile(share, histogram, '5m'))
  return panel(`${metric.name}: p50, p95, p99`, { shows, unit, description })
}

function is<Kind extends Metric['type']>(metric: Metric, kind: Kind): metric is Metric<Kind> {
  return metric.type === kind
}

/** The unit that a name ends in, as Prometheus' conventions have it. */
function unitOf(name: string): Unit {
  if (name.endsWith('_seconds')) return 's'
  if (name.endsWith('_bytes')) return 'bytes'
  return name.endsWith('_ratio') ? 'percentunit' : 'short'
}

/** The JSON of a dashboard, as Grafana provisions it. */
export function dashboardFile(folder: string, of: Dashboard, datasource: string): Document {
  const data = {
    uid: of.uid,
    title: of.title,
    editable: false,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    panels: of.panels.map((one, index) => panelData(one, index, datasource)),
  }
  return textFile(`${folder}/${of.uid}.json`, JSON.stringify(data, null, 2))
}

const panelWidth = 12
const panelHeight = 8

function panelData(
  { title, shows, unit, description }: Panel,
  index: number,
  uid: string,
): Readonly<Record<string, unknown>> {
  const datasource = { type: 'prometheus', uid }
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description,
    datasource,
    gridPos: {
      x: (index % 2) * panelWidth,
      y: Math.floor(index / 2) * panelHeight,
      w: panelWidth,
      h: panelHeight,
    },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: shows.map((one, place) => ({
      refId: `Q${place + 1}`,
      datasource,
      expr: one.text,
      legendFormat: '__auto',
    })),
  }
}
