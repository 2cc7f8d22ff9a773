// `npm test`: everything, from nothing. Installs, builds, and runs every check; goes on after a
// failed one, so that one run reports every failure.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustPnpm, pnpm } from './pnpm.mjs'

mustPnpm('install', '--frozen-lockfile')
mustPnpm('build')

const reports = mkdtempSync(join(tmpdir(), 'erlmcp-test-'))
const total = { passed: 0, failed: 0, skipped: 0 }

/** A check that is one command: it counts as one test. */
function step(name, ...command) {
  console.log(`\n# ${name}`)
  if (pnpm(...command) === 0) total.passed++
  else {
    total.failed++
    console.log(`# ${name} FAILED`)
  }
}

/** The tests of a vitest project, and of those whose names begin with it. */
function tests(project) {
  console.log(`\n# ${project} tests`)
  const file = join(reports, `${project}.json`)
  const code = pnpm(
    'exec',
    'vitest',
    'run',
    '--project',
    `${project}*`,
    '--reporter=default',
    '--reporter=./packages/testkit/src/reporter.ts',
    '--reporter=json',
    `--outputFile.json=${file}`,
  )
  const report = JSON.parse(readFileSync(file, 'utf8'))
  total.passed += report.numPassedTests
  total.failed += report.numFailedTests
  total.skipped += report.numPendingTests + report.numTodoTests
  // A file that does not load has no failed test in it, yet the run failed.
  if (code !== 0 && report.numFailedTests === 0) total.failed++
  return report
}

step('format and lint', 'lint')
step('types', 'typecheck')
step('packages', 'exec', 'turbo', 'run', 'package')
tests('unit')
const engine = tests('engine')
rmSync(reports, { recursive: true })

console.log(
  `\nengine tests: ${engine.numPassedTests} passed, ${engine.numFailedTests} failed, ${engine.numPendingTests} skipped`,
)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
const needsEngine = process.env.ERLMCP_ENGINE === 'required'
if (needsEngine && (engine.numPendingTests > 0 || engine.numPassedTests === 0)) {
  console.log('An engine is required here, and engine tests were skipped: that is a failure.')
  process.exit(1)
}
process.exit(total.failed === 0 ? 0 : 1)
