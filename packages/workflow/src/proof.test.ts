import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Artifact, stack, synthesize } from '@erlmcp/core'
import { findTool, type GithubParser, githubParser, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { classic, current } from './testing/examples.ts'

const folder = mkdtempSync(join(tmpdir(), 'erlmcp-workflows-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The files of a stack, written to a repository of their own. */
function rawExpression(name: string, sources: Parameters<typeof stack>[1]): readonly Artifact[] {
  const { artifacts, diagnostics } = synthesize(stack(name, sources))
  expect(diagnostics).toEqual([])
  for (const { path, text } of artifacts) {
    const file = join(folder, name, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  execFileSync('git', ['init', '-q'], { cwd: join(folder, name) })
  return artifacts
}

const files = {
  classic: rawExpression('classic', classic),
  // With what actionlint 1.7.12 does not know: steps in parallel, `$/`.
  current: rawExpression('current', current),
}

function workflowsOf(artifacts: readonly Artifact[]): [string, string][] {
  return artifacts
    .filter(({ path }) => path.startsWith('.github/workflows/'))
    .map(({ path, text }) => [path, text])
}

describe('@actions/workflow-parser', () => {
  let problems: GithubParser
  beforeAll(async () => {
    problems = await githubParser()
  })

  it.each(workflowsOf([...files.classic, ...files.current]))('takes %s', async (path, text) => {
    expect(await problems(path, text)).toEqual([])
  })

  it('refuses what is wrong', async () => {
    expect(await problems('a.yml', 'on: push\njobs: {a: {runs-on: a, step: []}}')).not.toEqual([])
  })
})

const actionlint = findTool('actionlint')
test.skipIf(!actionlint)('actionlint finds nothing (skipped without actionlint)', async () => {
  const paths = workflowsOf(files.classic).map(([path]) => path)
  const { code, stdout } = await run([actionlint!, '-no-color', ...paths], {
    cwd: join(folder, 'classic'),
  })
  expect(stdout).toBe('')
  expect(code).toBe(0)
})

const zizmor = findTool('zizmor')
describe.skipIf(!zizmor)('zizmor (skipped without zizmor)', () => {
  it.each(['classic', 'current'])('finds nothing in %s', async (name) => {
    const { code, stdout, stderr } = await run(
      [zizmor!, '--offline', '--no-progress', '--persona', 'pedantic', '--format', 'plain', '.'],
      { cwd: join(folder, name) },
    )
    expect(stdout, stderr).toContain('No findings to report')
    expect(code).toBe(0)
  })
})
