import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { evidence } from '../testing/evidence.ts'
import { commonTest } from './common-test.ts'
import { dialyzer } from './dialyzer.ts'
import type { Report } from './report.ts'
import { surefire } from './surefire.ts'
import { xref } from './xref.ts'

const folder = fileURLToPath(new URL('../../../../../shared/erlang-reports/', import.meta.url))
const sample = (name: string) => readFileSync(`${folder}${name}`)
const shown = ({ diagnostics }: Report) =>
  diagnostics.map(
    ({ kind, message, location }) => `${kind} ${location?.file}:${location?.line} ${message}`,
  )

describe.skipIf(!existsSync(folder))(
  'reports of OTP 25 (skipped without ../shared/erlang-reports)',
  () => {
    test('EUnit', async () => {
      const report = await surefire('r').read(
        evidence({ 'r/TEST-file_demo.app.xml': sample('TEST-file_demo.app.xml') }),
      )
      expect(shown(report)).toEqual([
        'failure test/demo_tests.erl:4 demo_tests:fail_test: assertEqual(demo:add(1, 2)): expected 4, value 3',
        'error undefined:undefined demo_tests:crash_test: nomod:nofun/1 is undefined',
        'timeout undefined:undefined demo_tests:-slow_test_/0-fun-0-: timed out',
      ])
      expect(report.counts).toEqual({ tests: 5, failures: 1, errors: 2, skipped: 0 })
    })

    test('Common Test', async () => {
      const report = await commonTest('l').read(
        evidence({ 'l/junit_report.xml': sample('junit_report.xml') }),
      )
      expect(shown(report)).toEqual([
        'failure test/demo_SUITE.erl:9 demo_SUITE:fail_case: no match of 3',
        'skip test/demo_SUITE.erl:10 demo_SUITE:skip_case: skipped: no network <here> (not declared)',
      ])
      expect(report.counts).toEqual({ tests: 4, failures: 1, errors: 0, skipped: 1 })
    })

    test('dialyzer and xref', async () => {
      const warnings = { 'd/25.2.3.dialyzer_warnings': sample('25.2.3.dialyzer_warnings') }
      const dialyzed = shown(await dialyzer('d').read(evidence(warnings)))
      expect(dialyzed).toHaveLength(4)
      expect(dialyzed[0]).toBe('warning src/demo.erl:7 Unknown function nomod:nofun/1')
      const analysed = shown(await xref().read(evidence({}, sample('console.txt'))))
      expect(analysed).toHaveLength(6)
      expect(analysed[0]).toBe('warning src/demo.erl:8 demo:unused/0 is unused local function')
    })
  },
)
