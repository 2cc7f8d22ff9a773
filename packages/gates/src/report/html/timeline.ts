import type { GateResult } from '../../verdict.ts'
import { duration, formatResult, type ReportedRun } from '../run.ts'
import { type Markup, markup } from './markup.ts'

/** Id of the element of a gate. */
export function anchorOf(index: number): string {
  return `gate-${index + 1}`
}

const width = 1000

/** When each gate ran: overlapping bars are gates that ran at the same time. */
export function timeline(run: ReportedRun): Markup {
  const ran = run.gates.filter((gate) => isDrawn(gate, run.started))
  const ends = ran.map(({ started, seconds }) => (started - run.started) / 1000 + seconds)
  const total = Math.max(run.seconds, ...ends)
  const step = stepOf(total)
  const axis = step * 4
  return markup`<section aria-labelledby="gates"><h2 id="gates">Gates</h2>
<div class="card">
<ol class="timeline">${run.gates.map((gate, index) => row(gate, index, run.started, axis))}</ol>
<div class="scale" aria-hidden="true"><div>${[0, 1, 2, 3, 4].map(
    (part) => markup`<span>${tick(step * part)}</span>`,
  )}</div></div>
${saved(run, total)}
</div></section>`
}

/** Round numbers of seconds, minutes and hours. */
const steps = [0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10, 15, 20, 30, 45, 60, 120, 300, 600, 900, 1800, 3600]

function stepOf(seconds: number): number {
  return steps.find((step) => step * 4 >= seconds) ?? seconds / 4
}

function tick(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  return duration(seconds).replace(/ 0 s$/, '')
}

function didRun({ ending }: GateResult): boolean {
  return ending.kind !== 'blocked' && ending.kind !== 'not-started'
}

/** A reused result took no time of this run. */
function isDrawn(gate: GateResult, start: number): boolean {
  return didRun(gate) && gate.started >= start
}

function row(gate: GateResult, index: number, start: number, axis: number): Markup {
  const ran = isDrawn(gate, start)
  const { verdict } = gate
  const mark = { passed: '✓', failed: '✗', skipped: '–' }[verdict]
  const from = Math.max(0, ((gate.started - start) / 1000 / axis) * width)
  const long = Math.max(3, (gate.seconds / axis) * width)
  const bar = ran
    ? markup`<rect class="bar-${verdict}" x="${round(Math.min(from, width - 3))}" y="1" width="${round(Math.min(long, width))}" height="12" rx="2"/>`
    : undefined
  return markup`<li><div class="name"><span class="mark ${verdict}" role="img" aria-label="${verdict}">${mark}</span><a href="#${anchorOf(index)}">${gate.name}</a><span class="result small soft">${formatResult(gate)}</span></div>
<svg viewBox="0 0 ${width} 14" preserveAspectRatio="none" role="img" aria-label="${ran ? `from ${duration((gate.started - start) / 1000)}, for ${duration(gate.seconds)}` : didRun(gate) ? 'from an earlier run' : 'did not run'}"><rect class="track" width="${width}" height="14" rx="2"/>${bar}</svg>
<div class="number">${ran ? duration(gate.seconds) : didRun(gate) ? 'earlier' : ''}</div></li>`
}

function saved({ gates, started: start }: ReportedRun, total: number): Markup | undefined {
  const drawn = gates.filter((gate) => isDrawn(gate, start))
  const sum = drawn.reduce((all, { seconds }) => all + seconds, 0)
  if (sum < total * 1.05) return undefined
  return markup`<p class="note small soft">${duration(total)} in total, ${duration(sum)} one after the other.</p>`
}

export function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}
