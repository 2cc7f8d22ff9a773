import type { Comparison } from '../../evidence/report.ts'
import { plural } from '../../evidence/text.ts'
import type { GateResult } from '../../verdict.ts'
import { titleSuffix } from '../run.ts'
import { type Distribution, distribution } from './distribution.ts'
import { type Markup, markup } from './markup.ts'
import { round } from './timeline.ts'

const tones: Readonly<Record<Comparison['verdict'], string>> = {
  pass: 'good',
  regression: 'bad',
  inconclusive: 'warn',
  'no-baseline': 'warn',
}

const order = ['regression', 'inconclusive', 'pass']

/** The comparisons, the worst first. Every sample is a dot. */
export function benchmarkSection({ name, comparisons }: GateResult): Markup | undefined {
  if (comparisons.length === 0) return undefined
  const compared = comparisons.filter(({ verdict }) => verdict !== 'no-baseline')
  const uncompared = comparisons.filter(({ verdict }) => verdict === 'no-baseline')
  const sorted = [...compared].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  const suffix = titleSuffix(name, 'bench')
  return markup`<section aria-label="Benchmarks${suffix}"><h2>Benchmarks<span class="soft">${suffix}</span></h2>
${sorted.length > 0 && markup`<div class="benchmarks">${sorted.map(card)}</div>`}
${uncompared.length > 0 && withoutBaseline(uncompared)}</section>`
}

/** One line for all measurements without a baseline. */
function withoutBaseline(all: readonly Comparison[]): Markup {
  const benchmarks = new Set(all.map(({ benchmark }) => benchmark)).size
  const reasons = [...new Set(all.map(({ reason }) => reason))]
  return markup`<p class="card small"><span class="tag warn">no baseline</span>${plural(all.length, 'measurement')} of ${plural(benchmarks, 'benchmark')}: ${reasons.join('; ')}</p>`
}

function card(one: Comparison): Markup {
  const { benchmark, metric, verdict, reason } = one
  return markup`<article class="card"><div class="top"><div><h3>${benchmark}</h3><p class="small soft">${metric}</p></div><span class="tag ${tones[verdict]}">${verdict.replace('-', ' ')}</span></div>
${plot(one)}
<dl class="medians">${median('base', one.base, one.unit)}${median('head', one.head, one.unit)}${change(one)}</dl>
<p class="small">${reason}</p></article>`
}

function median(name: string, samples: readonly number[], unit: string): Markup | undefined {
  const found = finite(samples)
  if (found.length === 0) return undefined
  return markup`<div><dt>${name}</dt><dd>${short(distribution(found).median)} ${unit} <span class="soft">(${plural(found.length, 'run')})</span></dd></div>`
}

function change({ change: share }: Comparison): Markup | undefined {
  if (share === undefined || !Number.isFinite(share)) return undefined
  const sign = share > 0 ? '+' : share < 0 ? '−' : '±'
  return markup`<div><dt>change</dt><dd>${sign}${Math.abs(share * 100).toFixed(1)} %</dd></div>`
}

const finite = (samples: readonly number[]) => samples.filter(Number.isFinite)

/** Whole numbers as they are, others with four digits. */
function short(value: number): string {
  const isWhole = Number.isInteger(value) || Math.abs(value) >= 10_000
  return value.toLocaleString(
    'en',
    isWhole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 },
  )
}

const size = { width: 320, left: 36, right: 10, lane: 38 }

interface Scale {
  readonly low: number
  readonly high: number
  x(value: number): number
}

function plot({ base, head, benchmark, metric, unit }: Comparison): Markup | undefined {
  const lanes = [
    { name: 'base', samples: finite(base) },
    { name: 'head', samples: finite(head) },
  ].filter(({ samples }) => samples.length > 0)
  if (lanes.length === 0) return undefined
  const scale = scaleOf(lanes.flatMap(({ samples }) => samples))
  const bottom = lanes.length * size.lane
  const label = lanes
    .map(({ name, samples }) => `${name}: median ${short(distribution(samples).median)} ${unit}`)
    .join('; ')
  return markup`<svg class="plot" viewBox="0 0 ${size.width} ${bottom + 18}" role="img" aria-label="${benchmark}, ${metric}. ${label}">
<line class="axis" x1="${size.left}" x2="${size.width - size.right}" y1="${bottom + 2}" y2="${bottom + 2}"/>
${lanes.map(({ name, samples }, index) => lane(name, samples, index * size.lane + size.lane / 2, scale))}
${ticks(scale, bottom)}</svg>`
}

function scaleOf(samples: readonly number[]): Scale {
  // Math.min(...samples) would exceed the limit of arguments.
  const low = samples.reduce((least, one) => Math.min(least, one))
  const high = samples.reduce((most, one) => Math.max(most, one))
  const room = size.width - size.left - size.right - 8
  const middle = size.left + 4 + room / 2
  return {
    low,
    high,
    x: (value) => (high === low ? middle : size.left + 4 + ((value - low) / (high - low)) * room),
  }
}

function ticks({ low, high, x }: Scale, bottom: number): Markup {
  const y = bottom + 15
  if (high === low) {
    return markup`<text x="${round(x(low))}" y="${y}" text-anchor="middle">${short(low)}</text>`
  }
  return markup`<text x="${size.left}" y="${y}">${short(low)}</text><text x="${size.width - size.right}" y="${y}" text-anchor="end">${short(high)}</text>`
}

/** Dots of one lane; more would overlap. */
const maxDots = 150

function lane(name: string, samples: readonly number[], y: number, scale: Scale): Markup {
  const found = distribution(samples)
  const step = Math.max(1, Math.ceil(samples.length / maxDots))
  const dots = samples.filter((_, at) => at % step === 0)
  // Deterministic, so that the same run renders the same page.
  const aside = (at: number) => (((at * 0.618) % 1) - 0.5) * 16
  return markup`<text class="lane" x="0" y="${y + 4}">${name}</text><g class="lane-${name}">${violin(found, y, scale)}${dots.map(
    (one, at) =>
      markup`<circle class="dot" cx="${round(scale.x(one))}" cy="${round(y + aside(at))}" r="2.2"/>`,
  )}</g><rect class="median" x="${round(scale.x(found.median) - 1)}" y="${y - 13}" width="2" height="26"/>`
}

function violin({ density }: Distribution, y: number, { x }: Scale): Markup | undefined {
  if (density.length === 0) return undefined
  const half = size.lane / 2 - 3
  const point = (at: number, offset: number) => `${round(x(at))},${round(y + offset)}`
  const upper = density.map(({ at, height }) => point(at, -height * half))
  const lower = density.map(({ at, height }) => point(at, height * half)).reverse()
  return markup`<polygon class="violin" points="${[...upper, ...lower].join(' ')}"/>`
}
