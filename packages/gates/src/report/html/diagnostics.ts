import type { GateDiagnostic } from '../../evidence/report.ts'
import type { GateResult } from '../../verdict.ts'
import { count, placeText, readableTest } from '../run.ts'
import { type Markup, markup } from './markup.ts'
import { anchorOf } from './timeline.ts'

/** What is wrong with each red gate. */
export function failedSection(gates: readonly GateResult[]): Markup | undefined {
  if (gates.every(({ verdict }) => verdict === 'green')) return undefined
  return markup`<section aria-labelledby="wrong"><h2 id="wrong">What is wrong</h2>${gates.map(
    (gate, index) => gate.verdict === 'red' && !isBlocked(gate) && redGate(gate, index),
  )}${gates.some(isBlocked) && markup`<ul class="card problems">${gates.map((gate, index) => isBlocked(gate) && blockedGate(gate, index))}</ul>`}</section>`
}

/** How each green gate runs, and what it printed last. */
export function passedSection(gates: readonly GateResult[]): Markup | undefined {
  if (gates.every(({ verdict }) => verdict === 'red')) return undefined
  return markup`<section aria-labelledby="right"><h2 id="right">Green gates</h2><div class="card">${gates.map(
    (gate, index) => gate.verdict === 'green' && passedGate(gate, index),
  )}</div></section>`
}

function isBlocked({ ending }: GateResult): boolean {
  return ending.kind === 'blocked'
}

function blockedGate({ name, diagnostics }: GateResult, index: number): Markup {
  return markup`<li id="${anchorOf(index)}"><span class="tag warn">not run</span> <strong>${name}</strong> <span class="soft">${diagnostics.map(({ message }) => message)}</span></li>`
}

function again({ service, command }: GateResult): Markup {
  return markup`<code class="soft">docker compose run --rm ${service} ${command.join(' ')}</code>`
}

function redGate(gate: GateResult, index: number): Markup {
  return markup`<article class="card" id="${anchorOf(index)}"><div class="gate-head"><h3>${gate.name}</h3><span class="soft small">${count(gate.diagnostics.length, 'problem')}</span></div>
${again(gate)}
<ul class="problems">${gate.diagnostics.map(problemItem)}</ul>
${output(gate)}</article>`
}

function problemItem(diagnostic: GateDiagnostic): Markup {
  const place = placeText(diagnostic)
  const isGrey = diagnostic.kind === 'not-run' || diagnostic.kind === 'skip'
  return markup`<li><span class="tag ${isGrey ? 'warn' : 'bad'}">${diagnostic.kind.replace('-', ' ')}</span>${place !== '' && markup`<span class="place">${place}</span>`}
<p class="message">${messageOf(diagnostic)}</p>
${diagnostic.detail !== undefined && markup`<details><summary>what it said</summary><pre tabindex="0">${diagnostic.detail}</pre></details>`}</li>`
}

/** With the name of the test as its author wrote it. */
function messageOf({ test, message }: GateDiagnostic): string {
  if (test === undefined) return message
  const [suite = '', ...rest] = test.split(':')
  return message.replace(test, () => `${suite}:${readableTest(rest.join(':'))}`)
}

function passedGate(gate: GateResult, index: number): Markup {
  return markup`<details id="${anchorOf(index)}"><summary>${gate.name}</summary>${again(gate)}${output(gate)}</details>`
}

function output({ output: said }: GateResult): Markup | undefined {
  if (said.trim() === '') return undefined
  return markup`<details><summary>the end of its output</summary><pre tabindex="0">${said.trimEnd()}</pre></details>`
}
