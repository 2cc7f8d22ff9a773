import type { GateResult } from '../../verdict.ts'
import { digest, duration, type ReportedRun } from '../run.ts'
import { type Markup, markup } from './markup.ts'

/** Where the part of the page about a gate begins. */
export function anchorOf(index: number): string {
  return `gate-${index + 1}`
}

const width = 1000

/** When each gate ran: bars one below the other that overlap are gates at the same time. */
export function timeline(run: ReportedRun): Markup {
  const ran = run.gates.filter((gate) => isDrawn(gate, run.started))
  const ends = ran.map(({ started, seconds }) => (started - run.started) / 1000 + seconds)
  const whole = Math.max(run.seconds, ...ends)
  const step = stepOf(whole)
  const axis = step * 4
  return markup`<section aria-labelledby="gates"><h2 id="gates">Gates</h2>
<div class="card">
<ol class="timeline">${run.gates.map((gate, index) => row(gate, index, run.started, axis))}</ol>
<div class="scale" aria-hidden="true"><div>${[0, 1, 2, 3, 4].map(
    (part) => markup`<span>${tick(step * part)}</span>`,
  )}</div></div>
${saved(run, whole)}
</div></section>`
}

/** Round numbers of seconds, minutes and hours. */
const steps = [0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10, 15, 20, 30, 45, 60, 120, 300, 600, 900, 1800, 3600]

function stepOf(whole: number): number {
  return steps.find((step) => step * 4 >= whole) ?? whole / 4
}

function tick(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  return duration(seconds).replace(/ 0 s$/, '')
}

function didRun({ ending }: GateResult): boolean {
  return ending.kind !== 'blocked' && ending.kind !== 'refused'
}

/** One whose earlier result still holds took no time of this run. */
function isDrawn(gate: GateResult, start: number): boolean {
  return didRun(gate) && gate.started >= start
}

function row(gate: GateResult, index: number, start: number, axis: number): Markup {
  const ran = isDrawn(gate, start)
  const tone = gate.ending.kind === 'blocked' ? 'grey' : gate.verdict
  const said = { green: 'green', red: 'red', grey: 'did not run' }[tone]
  const mark = { green: '✓', red: '✗', grey: '–' }[tone]
  const from = Math.max(0, ((gate.started - start) / 1000 / axis) * width)
  const long = Math.max(3, (gate.seconds / axis) * width)
  const bar = ran
    ? markup`<rect class="bar-${gate.verdict}" x="${round(Math.min(from, width - 3))}" y="1" width="${round(Math.min(long, width))}" height="12" rx="2"/>`
    : undefined
  return markup`<li><div class="name"><span class="mark ${tone}" role="img" aria-label="${said}">${mark}</span><a href="#${anchorOf(index)}">${gate.name}</a><span class="digest small soft">${digest(gate)}</span></div>
<svg viewBox="0 0 ${width} 14" preserveAspectRatio="none" role="img" aria-label="${ran ? `from ${duration((gate.started - start) / 1000)}, for ${duration(gate.seconds)}` : didRun(gate) ? 'from an earlier run' : 'did not run'}"><rect class="track" width="${width}" height="14" rx="2"/>${bar}</svg>
<div class="number">${ran ? duration(gate.seconds) : didRun(gate) ? 'earlier' : ''}</div></li>`
}

function saved({ gates, started: start }: ReportedRun, whole: number): Markup | undefined {
  const drawn = gates.filter((gate) => isDrawn(gate, start))
  const sum = drawn.reduce((total, { seconds }) => total + seconds, 0)
  if (sum < whole * 1.05) return undefined
  return markup`<p class="note small soft">${duration(whole)} in all; one after the other they take ${duration(sum)}.</p>`
}

export function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}
