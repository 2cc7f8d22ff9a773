import type { Problem } from '../../reading.ts'
import type { GateResult } from '../../verdict.ts'
import { count, placeText, readableTest } from '../run.ts'
import { type Markup, markup } from './markup.ts'
import { anchorOf } from './timeline.ts'

/** What is wrong with each red gate. */
export function redSection(gates: readonly GateResult[]): Markup | undefined {
  if (gates.every(({ verdict }) => verdict === 'green')) return undefined
  return markup`<section aria-labelledby="wrong"><h2 id="wrong">What is wrong</h2>${gates.map(
    (gate, index) => gate.verdict === 'red' && !isBlocked(gate) && redGate(gate, index),
  )}${gates.some(isBlocked) && markup`<ul class="card problems">${gates.map((gate, index) => isBlocked(gate) && blockedGate(gate, index))}</ul>`}</section>`
}

/** How each green gate runs, and what it printed last. */
export function greenSection(gates: readonly GateResult[]): Markup | undefined {
  if (gates.every(({ verdict }) => verdict === 'red')) return undefined
  return markup`<section aria-labelledby="right"><h2 id="right">Green gates</h2><div class="card">${gates.map(
    (gate, index) => gate.verdict === 'green' && greenGate(gate, index),
  )}</div></section>`
}

function isBlocked({ ending }: GateResult): boolean {
  return ending.kind === 'blocked'
}

function blockedGate({ name, problems }: GateResult, index: number): Markup {
  return markup`<li id="${anchorOf(index)}"><span class="tag warn">not run</span> <strong>${name}</strong> <span class="soft">${problems.map(({ message }) => message)}</span></li>`
}

function again({ service, command }: GateResult): Markup {
  return markup`<code class="soft">docker compose run --rm ${service} ${command.join(' ')}</code>`
}

function redGate(gate: GateResult, index: number): Markup {
  return markup`<article class="card" id="${anchorOf(index)}"><div class="gate-head"><h3>${gate.name}</h3><span class="soft small">${count(gate.problems.length, 'problem')}</span></div>
${again(gate)}
<ul class="problems">${gate.problems.map(problemItem)}</ul>
${output(gate)}</article>`
}

function problemItem(problem: Problem): Markup {
  const place = placeText(problem)
  const isGrey = problem.kind === 'not-run' || problem.kind === 'skip'
  return markup`<li><span class="tag ${isGrey ? 'warn' : 'bad'}">${problem.kind.replace('-', ' ')}</span>${place !== '' && markup`<span class="place">${place}</span>`}
<p class="message">${messageOf(problem)}</p>
${problem.detail !== undefined && markup`<details><summary>what it said</summary><pre tabindex="0">${problem.detail}</pre></details>`}</li>`
}

/** With the name of the test as its author wrote it. */
function messageOf({ test, message }: Problem): string {
  if (test === undefined) return message
  const [suite = '', ...rest] = test.split(':')
  return message.replace(test, () => `${suite}:${readableTest(rest.join(':'))}`)
}

function greenGate(gate: GateResult, index: number): Markup {
  return markup`<details id="${anchorOf(index)}"><summary>${gate.name}</summary>${again(gate)}${output(gate)}</details>`
}

function output({ output: said }: GateResult): Markup | undefined {
  if (said.trim() === '') return undefined
  return markup`<details><summary>the end of its output</summary><pre tabindex="0">${said.trimEnd()}</pre></details>`
}
