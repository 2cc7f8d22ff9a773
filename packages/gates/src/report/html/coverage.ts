import type { Covered, ModuleCoverage } from '../../evidence/report.ts'
import { formatShare, plural } from '../../evidence/text.ts'
import type { GateResult } from '../../verdict.ts'
import { lineRanges, titleSuffix } from '../run.ts'
import { type Markup, markup } from './markup.ts'
import { round } from './timeline.ts'

/** Modules shown before the fold. */
const maxModules = 25

/** The coverage of each module, the lowest first. */
export function coverageSection({ name, coverage }: GateResult): Markup | undefined {
  if (!coverage) return undefined
  const modules = coverage.modules
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => a.covered / a.lines - b.covered / b.lines || (a.module < b.module ? -1 : 1))
  const rest = modules.slice(maxModules)
  return markup`<section aria-label="Coverage${titleSuffix(name, 'coverage')}"><h2>Coverage<span class="soft">${titleSuffix(name, 'coverage')}</span></h2>
<div class="card"><div class="total"><strong>${formatShare(coverage.covered, coverage.lines)}</strong>
<span class="soft">${grouped(coverage.covered)} of ${plural(coverage.lines, 'line')} in ${plural(modules.length, 'module')}</span></div>
${table(modules.slice(0, maxModules))}
${rest.length > 0 && markup`<details><summary>${plural(rest.length, 'more module')}</summary>${table(rest)}</details>`}
</div></section>`
}

function grouped(number: number): string {
  return number.toLocaleString('en')
}

function table(modules: readonly ModuleCoverage[]): Markup {
  return markup`<table><thead><tr><th scope="col">module</th><th scope="col" class="bar-cell"><span aria-hidden="true">covered lines</span></th><th scope="col" class="number">share</th><th scope="col" class="number">uncovered</th></tr></thead>
<tbody>${modules.map(row)}</tbody></table>`
}

function row({ module, file, covered, lines, missed = [] }: ModuleCoverage): Markup {
  const title = file === undefined ? '' : markup` title="${file}"`
  return markup`<tr><th scope="row"><code${title}>${module}</code></th><td class="bar-cell" aria-hidden="true">${bar({ covered, lines })}</td><td class="number">${formatShare(covered, lines)}</td><td class="number soft">${lines - covered}</td></tr>${missed.length > 0 && missedRow(missed, file ?? module)}`
}

/** Lines listed of one module. */
const maxMissed = 400

/** The uncovered lines, below the module. */
function missedRow(missed: readonly number[], file: string): Markup {
  const more = missed.length - maxMissed
  const named = lineRanges(missed.slice(0, maxMissed))
  return markup`<tr class="uncovered"><td colspan="4"><details><summary>uncovered lines</summary><code>${file}:${named}</code>${more > 0 && ` and ${more} more`}</details></td></tr>`
}

function bar({ covered, lines }: Covered): Markup {
  const part = covered / lines
  const tone = part < 0.5 ? 'low' : part < 0.8 ? 'mid' : 'high'
  return markup`<svg viewBox="0 0 100 9" preserveAspectRatio="none"><rect class="track" width="100" height="9"/><rect class="fill-${tone}" width="${round(part * 100)}" height="9"/></svg>`
}
