import { ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import { type Metric, validateLabels, validateMetric } from './metrics.ts'
import {
  type Expression,
  type PromDuration,
  quoted,
  secondsOf,
  validateLabelValue,
} from './promql.ts'

export interface AlertOptions<Label extends string> {
  /** It is firing for each sample that the expression answers. */
  readonly when: Expression<Label>
  /** How long the expression must hold first. Default: one evaluation is enough. */
  readonly for?: PromDuration
  /** A label of the alert, for Alertmanager's routes. */
  readonly severity: 'critical' | 'warning' | 'info'
  /**
   * What is wrong, in a line. The function is given the labels that the expression has, and the
   * sample's value, as Prometheus fills them in.
   */
  readonly summary:
    | string
    | ((labels: { readonly [Name in Label]: string }, value: string) => string)
  /** Proof that the rule works: when it fires, and when it must not. */
  readonly example: AlertExample
}

export interface AlertExample {
  /** What is measured when the alert fires; nothing at all proves `absent`. */
  readonly fires: readonly Sample[]
  /** What is measured when all is well. */
  readonly quiet: readonly Sample[]
}

/** A rule that Prometheus evaluates. */
export interface Alert {
  readonly kind: 'alert'
  readonly name: string
  readonly when: Expression
  readonly for: PromDuration | undefined
  readonly severity: string
  readonly summary: string
  readonly example: AlertExample
  readonly [ORIGIN]?: Origin | undefined
}

/** One series of an example, as promtool's unit tests write it. */
export interface Sample {
  readonly metric: Metric
  readonly series: readonly {
    readonly series: string
    readonly growth: number
    readonly start: number
  }[]
}

/**
 * An alert rule with its proof.
 *
 * @throws UserError for a name that Prometheus would not take, a template in the summary's own
 *   text, or an example without a metric of the expression
 * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 * @example
 * const storeDown = alert('StoreDown', {
 *   when: below(value(shop.shop_store_up), 1),
 *   for: '1m',
 *   severity: 'critical',
 *   summary: ({ store }) => `${store} cannot be used`,
 *   example: {
 *     fires: [sample(shop.shop_store_up, { store: 'postgres' }, 0)],
 *     quiet: [sample(shop.shop_store_up, { store: 'postgres' }, 1)],
 *   },
 * })
 */
export function alert<Label extends string>(name: string, options: AlertOptions<Label>): Alert {
  const origin = originOf(alert)
  const { when, severity, example } = options
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    throw new UserError({
      message: `${JSON.stringify(name)} is not a valid alert name`,
      hint: 'Use letters, digits and underscores, such as StoreDown.',
      origin,
    })
  }
  if (options.for !== undefined) secondsOf(options.for, origin)
  for (const { metric } of [...example.fires, ...example.quiet]) {
    if (when.metrics.some((known) => known.name === metric.name)) continue
    throw new UserError({
      message: `the example of ${name} has ${metric.name}, which the rule does not query`,
      hint: `The rule queries ${when.metrics.map((known) => known.name).join(', ')}.`,
      origin,
    })
  }
  return Object.freeze({
    kind: 'alert',
    name,
    when,
    for: options.for,
    severity,
    summary: summaryText(name, options, origin),
    example,
    [ORIGIN]: origin,
  })
}

const placeholder = /\{\{ \$(?:labels\.\w+|value \| humanize) \}\}/g

/** The summary as a template of Prometheus, in which nothing but labels and the value is one. */
function summaryText<Label extends string>(
  name: string,
  { when, summary }: AlertOptions<Label>,
  origin: Origin,
): string {
  const labels = Object.fromEntries(when.labels.map((label) => [label, `{{ $labels.${label} }}`]))
  const text =
    typeof summary === 'string'
      ? summary
      : summary(labels as { [Name in Label]: string }, '{{ $value | humanize }}')
  const own = typeof summary === 'string' ? text : text.replace(placeholder, '')
  if (text === '' || own.includes('{{')) {
    throw new UserError({
      message: `the summary of ${name} ${text === '' ? 'is empty' : 'has {{, a template of Prometheus'}`,
      hint: 'Describe the fault; labels come from a function: ({ store }) => `${store} is down`.',
      origin,
    })
  }
  return text
}

/** What a metric does in an example: stays at a number, or grows each minute. */
export type Course = number | { readonly perMinute: number }

/**
 * A series of an alert's example.
 *
 * @throws UserError for a label that the metric does not have, or an invalid value
 * @param labels its labels; `job` and `instance` are optional
 * @param course a constant, or how a counter grows; of a histogram, how many observations there are
 * @param le of a histogram: the observations are between half of it and it
 * @example
 * sample(shop.shop_store_up, { store: 'postgres' }, 0)
 * sample(shop.shop_duration_seconds, { method: 'pay' }, { perMinute: 60 }, 5)
 */
export function sample<Of extends Metric>(
  metric: Of,
  labels: { readonly [Name in Of['labels'][number]]?: string },
  course: Course,
  le?: Of['type'] extends 'histogram' ? number : never,
): Sample {
  const origin = originOf(sample)
  validateMetric(metric, origin)
  validateLabels(Object.keys(labels), metric.labels, metric.name, origin)
  for (const [label, text] of Object.entries<unknown>(labels)) {
    if (text !== undefined) validateLabelValue(text, label, origin)
  }
  validateCourse(course, le, origin)
  const line = typeof course === 'number' ? { start: course, growth: 0 } : grow(course.perMinute)
  const named = (name: string, more: Readonly<Record<string, string>> = {}) => {
    const all = { job: 'example', instance: 'example:1', ...labels, ...more }
    const pairs = Object.entries<string | undefined>(all).map(
      ([key, text]) => `${key}=${quoted(text ?? '')}`,
    )
    return `${name}{${pairs.join(', ')}}`
  }
  if (metric.type !== 'histogram') {
    return Object.freeze({ metric, series: [{ series: named(metric.name), ...line }] })
  }
  const edge: number = le ?? 1
  const bucket = (text: string) => named(`${metric.name}_bucket`, { le: text })
  return Object.freeze({
    metric,
    series: [
      { series: bucket(String(edge / 2)), start: 0, growth: 0 },
      { series: bucket(String(edge)), ...line },
      { series: bucket('+Inf'), ...line },
      { series: named(`${metric.name}_count`), ...line },
    ],
  })
}

function validateCourse(course: Course, le: number | undefined, origin: Origin): void {
  const number = typeof course === 'number' ? course : course.perMinute
  const grows = typeof course !== 'number'
  if (!Number.isFinite(number) || (grows && number < 0)) {
    throw new UserError({
      message: `${number}${grows ? ' a minute' : ''} is not a valid value of a metric in an example`,
      hint: 'Give a finite number, or { perMinute: 60 } for a value that grows.',
      origin,
    })
  }
  if (le === undefined || (Number.isFinite(le) && le > 0)) return
  throw new UserError({
    message: `${le} is not a valid bucket bound of an example`,
    hint: 'Give a number above 0: the observations lie between half of it and it.',
    origin,
  })
}

function grow(perMinute: number): { start: number; growth: number } {
  return { start: 0, growth: perMinute }
}
