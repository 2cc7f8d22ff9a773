import { ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'
import { type Metric, validateLabels, validateMetric } from './metrics.ts'

/** A window or a wait as PromQL writes it (PromQL, "Float literals and time durations"). */
export type PromDuration = `${number}${'s' | 'm' | 'h' | 'd'}`

/** A question to Prometheus, which knows the metrics that it asks for and the labels it answers. */
export interface Expression<Label extends string = string> {
  readonly kind: 'expression'
  readonly text: string
  readonly metrics: readonly Metric[]
  readonly labels: readonly Label[]
  readonly [ORIGIN]?: Origin | undefined
}

/** Which samples: a label has a value, or has another one than `not`. */
export type Where<Label extends string> = {
  readonly [Name in Label]?: string | { readonly not: string }
}

type LabelOf<Of extends Metric> = Of['labels'][number]

/** The samples of a gauge as they are. */
export function value<Of extends Metric<'gauge'>>(
  metric: Of,
  where: Where<LabelOf<Of>> = {},
): Expression<LabelOf<Of>> {
  const origin = originOf(value)
  validateMetric(metric, origin)
  return made(selector(metric, metric.name, where, origin), [metric], metric.labels, origin)
}

/**
 * How much a counter grows, per second over the window; of a histogram: how many observations.
 *
 * @example
 * rate(shop.shop_orders_total, '5m', { outcome: { not: 'ok' } })
 */
export function rate<Of extends Metric<'counter' | 'histogram'>>(
  metric: Of,
  window: PromDuration,
  where: Where<LabelOf<Of>> = {},
): Expression<LabelOf<Of>> {
  return growth('rate', metric, window, where, originOf(rate))
}

/** How much a counter grew over the window; of a histogram: how many observations there were. */
export function increase<Of extends Metric<'counter' | 'histogram'>>(
  metric: Of,
  window: PromDuration,
  where: Where<LabelOf<Of>> = {},
): Expression<LabelOf<Of>> {
  return growth('increase', metric, window, where, originOf(increase))
}

function growth<Of extends Metric>(
  call: 'rate' | 'increase',
  metric: Of,
  window: PromDuration,
  where: Where<LabelOf<Of>>,
  origin: Origin,
): Expression<LabelOf<Of>> {
  validateMetric(metric, origin)
  const name = metric.type === 'histogram' ? `${metric.name}_count` : metric.name
  const range = `${selector(metric, name, where, origin)}[${duration(window, origin)}]`
  return made(`${call}(${range})`, [metric], metric.labels, origin)
}

/**
 * The value that this share of a histogram's observations does not exceed.
 *
 * @param share from 0 to 1
 * @example
 * quantile(0.95, shop.shop_duration_seconds, '5m', ['method'])
 */
export function quantile<Of extends Metric<'histogram'>, By extends LabelOf<Of> = never>(
  share: number,
  metric: Of,
  window: PromDuration,
  by: readonly By[] = [],
): Expression<By> {
  const origin = originOf(quantile)
  validateMetric(metric, origin)
  validateLabels(by, metric.labels, metric.name, origin)
  if (!(share >= 0 && share <= 1)) {
    throw new UserError({
      message: `${share} is not a valid quantile`,
      hint: 'Give a number from 0 to 1, such as 0.95.',
      origin,
    })
  }
  const buckets = `rate(${metric.name}_bucket[${duration(window, origin)}])`
  const text = `histogram_quantile(${share}, sum by (${[...by, 'le'].join(', ')}) (${buckets}))`
  return made(text, [metric], by, origin)
}

/** One when nothing exports the metric (where it has these labels), else no answer. */
export function absent<Of extends Metric>(
  metric: Of,
  where: Where<LabelOf<Of>> = {},
): Expression<never> {
  const origin = originOf(absent)
  validateMetric(metric, origin)
  const name = metric.type === 'histogram' ? `${metric.name}_count` : metric.name
  return made(`absent(${selector(metric, name, where, origin)})`, [metric], [], origin)
}

/** The sum of all samples, or one for each value of these labels. */
export function sum<Label extends string, By extends Label = never>(
  of: Expression<Label>,
  by: readonly By[] = [],
): Expression<By> {
  return aggregate('sum', of, by, originOf(sum))
}

/** The greatest of all samples, or of each value of these labels. */
export function max<Label extends string, By extends Label = never>(
  of: Expression<Label>,
  by: readonly By[] = [],
): Expression<By> {
  return aggregate('max', of, by, originOf(max))
}

/** The smallest of all samples, or of each value of these labels. */
export function min<Label extends string, By extends Label = never>(
  of: Expression<Label>,
  by: readonly By[] = [],
): Expression<By> {
  return aggregate('min', of, by, originOf(min))
}

function aggregate<By extends string>(
  call: 'sum' | 'max' | 'min',
  of: Expression,
  by: readonly By[],
  origin: Origin,
): Expression<By> {
  validateLabels(by, of.labels, `what ${call} is of`, origin)
  const group = by.length > 0 ? ` by (${by.join(', ')})` : ''
  return made(`${call}${group} (${of.text})`, of.metrics, by, origin)
}

/** The quotient, of samples whose labels are equal. */
export function divide<Label extends string>(
  one: Expression<Label>,
  by: Expression<NoInfer<Label>> | number,
): Expression<Label> {
  return joined(one, '/', by, originOf(divide))
}

/** The samples that are greater. */
export function above<Label extends string>(
  one: Expression<Label>,
  limit: Expression<NoInfer<Label>> | number,
): Expression<Label> {
  return joined(one, '>', limit, originOf(above))
}

/** The samples that are smaller. */
export function below<Label extends string>(
  one: Expression<Label>,
  limit: Expression<NoInfer<Label>> | number,
): Expression<Label> {
  return joined(one, '<', limit, originOf(below))
}

function joined<Label extends string>(
  one: Expression<Label>,
  operator: '/' | '>' | '<',
  other: Expression | number,
  origin: Origin,
): Expression<Label> {
  const right = typeof other === 'number' ? finite(other, origin) : `(${other.text})`
  const asked = typeof other === 'number' ? [] : other.metrics
  const all = [...new Set([...one.metrics, ...asked])]
  return made(`(${one.text}) ${operator} ${right}`, all, one.labels, origin)
}

function made<Label extends string>(
  text: string,
  metrics: readonly Metric[],
  labels: readonly Label[],
  origin: Origin,
): Expression<Label> {
  return Object.freeze({ kind: 'expression', text, metrics, labels, [ORIGIN]: origin })
}

function finite(number: number, origin: Origin): string {
  if (Number.isFinite(number)) return String(number)
  throw new UserError({
    message: `expected a finite number, got ${number}`,
    hint: 'Compare with or divide by a finite number.',
    origin,
  })
}

function selector(metric: Metric, name: string, where: Where<string>, origin: Origin): string {
  const pairs = Object.entries(where)
  validateLabels(Object.keys(where), metric.labels, metric.name, origin)
  if (pairs.length === 0) return name
  const matchers = pairs.map(([label, match]) => {
    const [operator, text] = typeof match === 'object' ? ['!=', match.not] : ['=', match ?? '']
    validateLabelValue(text, label, origin)
    return `${label}${operator}${quoted(text)}`
  })
  return `${name}{${matchers.join(', ')}}`
}

/** @throws UserError for a value that is not text, or has a lone surrogate, which Prometheus cannot escape */
export function validateLabelValue(text: unknown, label: string, origin: Origin): void {
  if (typeof text === 'string' && text.isWellFormed()) return
  throw new UserError({
    message: `${JSON.stringify(text)} is not a valid value of the label ${label}`,
    hint: 'Give a string without lone surrogates.',
    origin,
  })
}

/** Text in PromQL, whose escapes are those of Go: JSON's are among them. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }

/** How many seconds a duration has. */
export function secondsOf(text: PromDuration, origin: Origin): number {
  const [, number, unit] = /^([1-9]\d*)([smhd])$/.exec(text) ?? []
  if (unit !== undefined) return Number(number) * seconds[unit as keyof typeof seconds]
  throw new UserError({
    message: `${JSON.stringify(text)} is not a valid Prometheus duration`,
    hint: "Write a whole number above 0 and a unit: '30s', '5m', '1h', '15d'.",
    origin,
  })
}

function duration(text: PromDuration, origin: Origin): string {
  secondsOf(text, origin)
  return text
}
