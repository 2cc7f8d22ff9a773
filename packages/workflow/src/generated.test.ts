import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Artifact, isUserError, stack, synthesize } from '@erlmcp/core'
import {
  engineRequired,
  findTool,
  githubActionParser,
  githubParser,
  rounds,
  run,
} from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Attempt, attempts } from '../fixtures/generated/workflows.ts'

// What we accept without an error, GitHub's own parser and actionlint accept. With
// ERLMCP_GENERATED=5000 and ERLMCP_SEED another many of them.

const count = Number(process.env.ERLMCP_GENERATED ?? rounds(300))
const seed = Number(process.env.ERLMCP_SEED ?? 42)

const folder = mkdtempSync(join(tmpdir(), 'erlmcp-generated-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The files of an input, or undefined where we refuse it or find an error in it. */
function accepted(attempt: Attempt, index: number): readonly Artifact[] | undefined {
  try {
    const { artifacts, diagnostics } = synthesize(stack('shop', attempt(index)))
    return diagnostics.some(({ severity }) => severity === 'error') ? undefined : artifacts
  } catch (error) {
    if (isUserError(error)) return undefined
    throw error
  }
}

function generate(isNew: boolean): readonly (readonly Artifact[])[] {
  const all = fc.sample(attempts(isNew), { numRuns: count, seed })
  return all.flatMap((attempt, index) => accepted(attempt, index) ?? []).map((one) => [one])
}

/** What actionlint refuses and GitHub takes, each with the reason why we take it too. */
const known: readonly RegExp[] = [
  // `if: false` turns a job off for a while, and `true` is harmless.
  /constant expression "(?:true|false)" in condition/,
  // A label may be one of a machine of your own; the ones here are values of a matrix.
  /label "27(?:\.3)?" is unknown|label "28" is unknown/,
  // It takes the text '27' of a matrix for a number, also in quotes.
  /"runs-on" must be string or array but found type "number"/,
]

describe.each([
  ['syntax that actionlint knows', false],
  ['syntax of 2026', true],
] as const)('generated workflows, %s', (name, isNew) => {
  const files = generate(isNew).flat()

  it('are accepted often enough to mean something', () => {
    const workflows = files.filter(({ path }) => path.includes('/w'))
    expect(workflows.length).toBeGreaterThan(count / 5)
  })

  it("are accepted by GitHub's own parser", { timeout: 600_000 }, async () => {
    const [workflows, actions] = [await githubParser(), await githubActionParser()]
    for (const { path, text } of files) {
      const problems = await (path.endsWith('action.yml') ? actions : workflows)(path, text)
      expect(problems, `${path}\n${text}`).toEqual([])
    }
  })

  // It does not know steps in parallel.
  if (isNew) return
  const actionlint = findTool('actionlint')
  it.skipIf(!actionlint && !engineRequired())(
    'are accepted by actionlint (skipped without it)',
    { timeout: 600_000 },
    async () => {
      expect(actionlint).toBeDefined()
      const root = join(folder, name.replaceAll(' ', '-'))
      for (const { path, text } of files) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      execFileSync('git', ['init', '-q'], { cwd: root })
      const { stdout } = await run(
        [actionlint!, '-no-color', '-oneline', '-shellcheck=', '-pyflakes='],
        { cwd: root },
      )
      const messages = stdout
        .split('\n')
        .filter((line) => line !== '' && !known.some((one) => one.test(line)))
      expect(messages.slice(0, 20)).toEqual([])
    },
  )
})
