import { printable } from '@erlmcp/core'
import type { TestResult } from '../evidence/report.ts'
import type { GateResult } from '../verdict.ts'
import { escapeMarkup } from './escape-markup.ts'
import { formatLocation, type ReportedRun } from './run.ts'

/**
 * A run as JUnit XML: a suite for each gate, with its tests and one more for the gate itself, which
 * fails unless the gate passed, so that tools that only count failures see it.
 */
export function junitXml(run: ReportedRun): string {
  const suites = run.gates.map(suiteOf)
  const all = run.gates.flatMap(countedOf)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${quoted(run.project)} ${counters(all)} time="${seconds(run.seconds)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

interface Counted {
  readonly element?: 'failure' | 'error' | 'skipped'
}

const elements: Readonly<Record<TestResult['outcome'], Counted>> = {
  passed: {},
  failed: { element: 'failure' },
  error: { element: 'error' },
  timeout: { element: 'error' },
  skipped: { element: 'skipped' },
}

function countedOf({ tests, verdict }: GateResult): Counted[] {
  const own: Counted = verdict === 'passed' ? {} : { element: 'failure' }
  return [own, ...tests.map(({ outcome }) => elements[outcome])]
}

function counters(all: readonly Counted[]): string {
  const having = (element: string) => all.filter((one) => one.element === element).length
  return `tests="${all.length}" failures="${having('failure')}" errors="${having('error')}" skipped="${having('skipped')}"`
}

function suiteOf(gate: GateResult): string {
  const started = new Date(gate.started).toISOString().slice(0, 19)
  return [
    `  <testsuite name=${quoted(gate.name)} ${counters(countedOf(gate))} time="${seconds(gate.seconds)}" timestamp="${started}">`,
    gateCase(gate),
    ...gate.tests.map(caseOf),
    '  </testsuite>',
  ].join('\n')
}

function gateCase(gate: GateResult): string {
  const head = `    <testcase classname="gate" name=${quoted(gate.name)} time="${seconds(gate.seconds)}"`
  const [first] = gate.diagnostics
  if (!first) return `${head}/>`
  const body = gate.diagnostics.map((diagnostic) =>
    [
      `${formatLocation(diagnostic)} ${diagnostic.kind}: ${diagnostic.message}`.trim(),
      diagnostic.detail ?? '',
    ]
      .filter(Boolean)
      .join('\n'),
  )
  const more = gate.diagnostics.length > 1 ? ` (and ${gate.diagnostics.length - 1} more)` : ''
  return `${head}>
      <failure type=${quoted(first.kind)} message=${quoted(`${first.message}${more}`)}>${escaped(body.join('\n\n'))}</failure>
    </testcase>`
}

function caseOf({ suite, name, time, outcome, message, location }: TestResult): string {
  const attributes = location
    ? ` file=${quoted(location.file)}${location.line ? ` line="${location.line}"` : ''}`
    : ''
  const head = `    <testcase classname=${quoted(suite)} name=${quoted(name)} time="${seconds(time)}"${attributes}`
  const { element } = elements[outcome]
  if (!element) return `${head}/>`
  return `${head}>
      <${element}${element === 'skipped' ? '' : ` type="${outcome}"`} message=${quoted(message ?? '')}/>
    </testcase>`
}

function seconds(value: number): string {
  return (Number.isFinite(value) ? value : 0).toFixed(3)
}

function quoted(text: string): string {
  return `"${escapeMarkup(printable(text), /[&<>"\n\t]/g)}"`
}

function escaped(text: string): string {
  return escapeMarkup(printable(text))
}
