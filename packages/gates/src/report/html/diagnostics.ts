import type { GateDiagnostic } from '../../evidence/report.ts'
import { plural } from '../../evidence/text.ts'
import type { GateResult, Verdict } from '../../verdict.ts'
import { formatLocation, readableTest, rerunCommand } from '../run.ts'
import { type Markup, markup } from './markup.ts'
import { anchorOf } from './timeline.ts'

/** The gates that did not pass, with their diagnostics. */
export function failedSection(gates: readonly GateResult[]): Markup | undefined {
  if (gates.every(hasVerdict('passed'))) return undefined
  return markup`<section aria-labelledby="failed"><h2 id="failed">Failed gates</h2>${gates.map(
    (gate, index) => gate.verdict === 'failed' && failedGate(gate, index),
  )}${gates.some(hasVerdict('skipped')) && markup`<ul class="card diagnostics">${gates.map((gate, index) => gate.verdict === 'skipped' && skippedGate(gate, index))}</ul>`}</section>`
}

/** The command and the output of each gate that passed. */
export function passedSection(gates: readonly GateResult[]): Markup | undefined {
  if (!gates.some(hasVerdict('passed'))) return undefined
  return markup`<section aria-labelledby="passed"><h2 id="passed">Passed gates</h2><div class="card">${gates.map(
    (gate, index) => gate.verdict === 'passed' && passedGate(gate, index),
  )}</div></section>`
}

function hasVerdict(verdict: Verdict): (gate: GateResult) => boolean {
  return (gate) => gate.verdict === verdict
}

function skippedGate({ name, diagnostics }: GateResult, index: number): Markup {
  return markup`<li id="${anchorOf(index)}"><span class="tag warn">skipped</span> <strong>${name}</strong> <span class="soft">${diagnostics.map(({ message }) => message)}</span></li>`
}

function rerun(gate: GateResult): Markup {
  return markup`<code class="soft">${rerunCommand(gate)}</code>`
}

function failedGate(gate: GateResult, index: number): Markup {
  return markup`<article class="card" id="${anchorOf(index)}"><div class="gate-head"><h3>${gate.name}</h3><span class="soft small">${plural(gate.diagnostics.length, 'problem')}</span></div>
${rerun(gate)}
<ul class="diagnostics">${gate.diagnostics.map(item)}</ul>
${outputOf(gate)}</article>`
}

function item(diagnostic: GateDiagnostic): Markup {
  const { kind, detail } = diagnostic
  const location = formatLocation(diagnostic)
  return markup`<li><span class="tag ${kind === 'skip' ? 'warn' : 'bad'}">${kind.replace('-', ' ')}</span>${location !== '' && markup`<span class="location">${location}</span>`}
<p class="message">${messageOf(diagnostic)}</p>
${detail !== undefined && markup`<details><summary>details</summary><pre tabindex="0">${detail}</pre></details>`}</li>`
}

/** The message, with the name of the test as in the source. */
function messageOf({ test, message }: GateDiagnostic): string {
  if (test === undefined) return message
  const [suite = '', ...rest] = test.split(':')
  return message.replace(test, () => `${suite}:${readableTest(rest.join(':'))}`)
}

function passedGate(gate: GateResult, index: number): Markup {
  return markup`<details id="${anchorOf(index)}"><summary>${gate.name}</summary>${rerun(gate)}${outputOf(gate)}</details>`
}

function outputOf({ output }: GateResult): Markup | undefined {
  if (output.trim() === '') return undefined
  return markup`<details><summary>end of the output</summary><pre tabindex="0">${output.trimEnd()}</pre></details>`
}
