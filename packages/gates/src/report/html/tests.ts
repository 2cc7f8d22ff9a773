import type { TestResult } from '../../evidence/report.ts'
import { plural } from '../../evidence/text.ts'
import { type ReportedRun, readableTest } from '../run.ts'
import { type Markup, markup } from './markup.ts'
import { round } from './timeline.ts'

const maxSlowest = 10
const maxListed = 2_000

/** Skipped tests, the slowest, and all of them. */
export function testSection({ gates }: ReportedRun): Markup | undefined {
  const all = gates.flatMap(({ tests }) => tests)
  if (all.length === 0) return undefined
  const skipped = all.filter(({ outcome }) => outcome === 'skipped')
  return markup`<section aria-labelledby="tests"><h2 id="tests">Tests <span class="soft">${plural(all.length, 'test')} of ${plural(gates.filter(({ tests }) => tests.length > 0).length, 'gate')}</span></h2>
${skipped.length > 0 && markup`<div class="card"><h3>Skipped</h3>${skippedTable(skipped.slice(0, maxListed))}</div>`}
<div class="card"><h3>Slowest</h3>${timeTable([...all].sort((a, b) => b.time - a.time).slice(0, maxSlowest))}
<details><summary>all ${all.length > maxListed ? `tests, the first ${maxListed}` : plural(all.length, 'test')}</summary>${allTable(all.slice(0, maxListed))}</details></div></section>`
}

const nameOf = ({ suite, name }: TestResult) =>
  markup`<code title="${suite}:${name}">${suite}:${readableTest(name)}</code>`

function skippedTable(tests: readonly TestResult[]): Markup {
  return markup`<table><thead><tr><th scope="col">test</th><th scope="col">reason</th></tr></thead><tbody>${tests.map(
    (one) =>
      markup`<tr><th scope="row">${nameOf(one)}</th><td>${one.message ?? 'without a reason'}</td></tr>`,
  )}</tbody></table>`
}

function timeTable(tests: readonly TestResult[]): Markup {
  const longest = Math.max(0.001, ...tests.map(({ time }) => time))
  return markup`<table class="tests"><thead><tr><th scope="col">test</th><th scope="col" class="bar-cell"></th><th scope="col" class="number">seconds</th></tr></thead><tbody>${tests.map(
    (one) =>
      markup`<tr><th scope="row">${nameOf(one)}</th><td class="bar-cell" aria-hidden="true"><svg viewBox="0 0 100 9" preserveAspectRatio="none"><rect class="track" width="100" height="9"/><rect class="fill-time" width="${round((one.time / longest) * 100)}" height="9"/></svg></td><td class="number">${one.time.toFixed(3)}</td></tr>`,
  )}</tbody></table>`
}

const tones: Readonly<Record<TestResult['outcome'], string>> = {
  passed: 'passed',
  failed: 'failed',
  error: 'failed',
  timeout: 'failed',
  skipped: 'skipped',
}

function allTable(tests: readonly TestResult[]): Markup {
  return markup`<table><thead><tr><th scope="col">test</th><th scope="col">outcome</th><th scope="col" class="number">seconds</th></tr></thead><tbody>${tests.map(
    (one) =>
      markup`<tr><th scope="row">${nameOf(one)}</th><td class="${tones[one.outcome]}">${one.outcome}</td><td class="number">${one.time.toFixed(3)}</td></tr>`,
  )}</tbody></table>`
}
