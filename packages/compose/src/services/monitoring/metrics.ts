import { findSuggestion, type Origin, originOf, UserError } from '@erlmcp/core'

/** What a metric counts or measures (Prometheus, "Metric types"). */
export type MetricKind = 'counter' | 'gauge' | 'histogram'

export interface MetricSpec {
  readonly kind: MetricKind
  /** The labels of its samples. Default: none. `job` and `instance` come from the scrape. */
  readonly labels?: readonly string[]
  /** What it says, and its unit, as the exporter's own HELP line. */
  readonly help: string
}

/** A metric that a program exports, for rules and panels. */
export interface Metric<Kind extends MetricKind = MetricKind, Label extends string = string> {
  readonly kind: 'metric'
  readonly name: string
  readonly type: Kind
  /** With the two that a scrape adds. */
  readonly labels: readonly (Label | ScrapeLabel)[]
  readonly help: string
}

/** Labels that Prometheus adds to whatever it scrapes: the target's service, its host and port. */
export type ScrapeLabel = 'job' | 'instance'

/** The metrics of one program by their names. */
export type Catalogue<Specs extends Readonly<Record<string, MetricSpec>>> = {
  readonly [Name in keyof Specs]: Metric<Specs[Name]['kind'], LabelsOf<Specs[Name]>>
}

type LabelsOf<Spec extends MetricSpec> = Spec['labels'] extends readonly (infer Label extends
  string)[]
  ? Label
  : never

/** Refuses keys that a specification does not have: `label` would be a metric without labels. */
type Exact<Specs> = {
  readonly [Name in keyof Specs]: {
    readonly [Key in Exclude<keyof Specs[Name], keyof MetricSpec>]: never
  }
}

/** Any catalogue. */
export type AnyCatalogue = Readonly<Record<string, Metric>>

const scrapeLabels: readonly ScrapeLabel[] = ['job', 'instance']

/**
 * The catalogue of what a program exports. Scrape targets, alert rules and dashboards take their
 * metrics from here: one that is not in it does not compile.
 *
 * @throws UserError for a name that Prometheus does not know as one, or that means two things
 * @see https://prometheus.io/docs/concepts/data_model/
 * @example
 * const shop = metrics({
 *   shop_orders_total: { kind: 'counter', labels: ['outcome'], help: 'Orders by outcome.' },
 *   shop_store_up: { kind: 'gauge', labels: ['store'], help: 'Whether a store can be used.' },
 * })
 */
export function metrics<const Specs extends Readonly<Record<string, MetricSpec>>>(
  specs: Specs & Exact<Specs>,
): Catalogue<Specs> {
  const origin = originOf(metrics)
  const entries = Object.entries<MetricSpec>(specs)
  for (const [name, spec] of entries) checkSpec(name, spec, origin)
  const seen = new Set<string>()
  const twice = entries
    .flatMap(([name, spec]) => seriesOf(name, spec.kind))
    .find((name) => seen.size === seen.add(name).size)
  if (twice !== undefined) {
    throw new UserError({
      message: `the metric ${twice} is also a series of a histogram`,
      hint: 'A histogram has the series _bucket, _sum and _count: rename one of them.',
      origin,
    })
  }
  const made = entries.map(([name, { kind, labels = [], help }]) => {
    const all = Object.freeze([...labels, ...scrapeLabels])
    return [name, Object.freeze({ kind: 'metric', name, type: kind, labels: all, help })] as const
  })
  return Object.freeze(Object.fromEntries(made)) as unknown as Catalogue<Specs>
}

/** The names under which a metric's samples are stored. */
function seriesOf(name: string, kind: MetricKind): readonly string[] {
  return kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
}

const metricName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/
// The scrape overwrites the first two, a histogram has the third, an alert the fourth.
const taken = /^(?:job|instance|le|alertname)$/

const specKeys = ['kind', 'labels', 'help']
const kinds: readonly string[] = ['counter', 'gauge', 'histogram'] satisfies MetricKind[]

function checkSpec(name: string, spec: MetricSpec, origin: Origin): void {
  const { kind, labels = [] } = spec
  // The compiler says so too, where one runs.
  const unknown = Object.keys(spec).find((key) => !specKeys.includes(key))
  if (unknown !== undefined || !kinds.includes(kind)) {
    throw new UserError({
      message: unknown
        ? `the metric ${name} has ${JSON.stringify(unknown)}, which is not a key of a metric`
        : `the metric ${name} has the unknown kind ${JSON.stringify(kind)}`,
      hint: `Write { kind: 'counter', labels: ['outcome'], help: 'Orders.' }; kinds are ${kinds.join(', ')}.`,
      origin,
    })
  }
  if (!metricName.test(name)) {
    throw new UserError({
      message: `${JSON.stringify(name)} is not a valid metric name`,
      hint: 'Use letters, digits and underscores, and do not begin with a digit.',
      origin,
    })
  }
  if (kind === 'counter' && !name.endsWith('_total')) {
    throw new UserError({
      message: `the counter ${name} does not end in _total`,
      hint: 'Prometheus and OpenMetrics require the suffix; a value that also decreases is a gauge.',
      origin,
    })
  }
  const wrong = labels.find((label) => !labelName.test(label) || taken.test(label))
  if (wrong === undefined) return
  throw new UserError({
    message: `${JSON.stringify(wrong)} is not a valid label of ${name}`,
    hint: 'Use letters, digits and underscores; job, instance, le and alertname are reserved.',
    origin,
  })
}

/** @throws UserError for a name that is not in the catalogue, which is `undefined` at run time */
export function validateMetric(metric: Metric | undefined, origin: Origin): void {
  if (metric?.kind === 'metric') return
  throw new UserError({
    message: 'the metric is not in the catalogue',
    hint: 'Take it from the value of metrics({ … }), where every name is declared.',
    origin,
  })
}

/** Refuses labels that a metric or an expression does not have. */
export function validateLabels(
  given: readonly string[],
  known: readonly string[],
  of: string,
  origin: Origin,
): void {
  const wrong = given.find((label) => !known.includes(label))
  if (wrong === undefined) return
  const suggestion = findSuggestion(wrong, known)
  throw new UserError({
    message: `${of} has no label ${JSON.stringify(wrong)}`,
    hint: suggestion === undefined ? `It has ${known.join(', ')}.` : `Did you mean ${suggestion}?`,
    origin,
  })
}

/** Made by Prometheus for every target: 1 when the last scrape succeeded, 0 when it did not. */
export const up: Metric<'gauge', never> = metrics({
  up: { kind: 'gauge', help: 'Whether the last scrape of the target succeeded.' },
}).up
