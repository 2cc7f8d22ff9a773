import type { Covered, ModuleCoverage } from '../../evidence/report.ts'
import type { GateResult } from '../../verdict.ts'
import { count, lineRanges, ofGate, share } from '../run.ts'
import { type Markup, markup } from './markup.ts'
import { round } from './timeline.ts'

/** Modules shown at once; the rest is one click away. */
const mostModules = 25

/** How much of each module tests have run, the least first. */
export function coverageSection({ name, coverage }: GateResult): Markup | undefined {
  if (!coverage) return undefined
  const modules = coverage.modules
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => a.covered / a.lines - b.covered / b.lines || (a.module < b.module ? -1 : 1))
  const rest = modules.slice(mostModules)
  return markup`<section aria-label="Coverage${ofGate(name, 'coverage')}"><h2>Coverage<span class="soft">${ofGate(name, 'coverage')}</span></h2>
<div class="card"><div class="total"><strong>${share(coverage.covered, coverage.lines)}</strong>
<span class="soft">${grouped(coverage.covered)} of ${count(coverage.lines, 'line')} in ${count(modules.length, 'module')}</span></div>
${table(modules.slice(0, mostModules))}
${rest.length > 0 && markup`<details><summary>${count(rest.length, 'more module')}</summary>${table(rest)}</details>`}
</div></section>`
}

function grouped(number: number): string {
  return number.toLocaleString('en')
}

function table(modules: readonly ModuleCoverage[]): Markup {
  return markup`<table><thead><tr><th scope="col">module</th><th scope="col" class="bar-cell"><span aria-hidden="true">lines that tests run</span></th><th scope="col" class="number">share</th><th scope="col" class="number">not run</th></tr></thead>
<tbody>${modules.map(row)}</tbody></table>`
}

function row({ module, file, covered, lines, missed = [] }: ModuleCoverage): Markup {
  const title = file === undefined ? '' : markup` title="${file}"`
  return markup`<tr><th scope="row"><code${title}>${module}</code></th><td class="bar-cell" aria-hidden="true">${bar({ covered, lines })}</td><td class="number">${share(covered, lines)}</td><td class="number soft">${lines - covered}</td></tr>${missed.length > 0 && missedRow(missed, file ?? module)}`
}

/** Lines named of one module; who tests so little of it does not read a list. */
const mostMissed = 400

/** Which lines no test has run, below the module. */
function missedRow(missed: readonly number[], where: string): Markup {
  const more = missed.length - mostMissed
  const named = lineRanges(missed.slice(0, mostMissed))
  return markup`<tr class="missed"><td colspan="4"><details><summary>lines that no test runs</summary><code>${where}:${named}</code>${more > 0 && ` and ${more} more`}</details></td></tr>`
}

function bar({ covered, lines }: Covered): Markup {
  const part = covered / lines
  const tone = part < 0.5 ? 'low' : part < 0.8 ? 'mid' : 'high'
  return markup`<svg viewBox="0 0 100 9" preserveAspectRatio="none"><rect class="track" width="100" height="9"/><rect class="fill-${tone}" width="${round(part * 100)}" height="9"/></svg>`
}
