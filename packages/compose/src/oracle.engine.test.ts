import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUserError, type Source, stack, synthesize } from '@erlmcp/core'
import { describeEngine, run } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { authored } from '../fixtures/oracle/authored.ts'
import { documents, named } from '../fixtures/oracle/documents.ts'
import { type ComposeFile, compose, fromComposeSpec, swarm } from './index.ts'

// The same files on every run, so that no change fails for what it did not do. ERLMCP_ORACLE_RUNS=5000
// asks more, ERLMCP_ORACLE_SEED=… others.
const runs = Number(process.env.ERLMCP_ORACLE_RUNS ?? 400)
const seed = Number(process.env.ERLMCP_ORACLE_SEED ?? 1)

/** The printed file, where nothing is refused. */
function accepted(make: () => Source): ComposeFile | undefined {
  try {
    const { artifacts, diagnostics } = synthesize(stack('oracle', [make()]))
    if (diagnostics.some(({ severity }) => severity === 'error')) return undefined
    return parse(artifacts.find(({ path }) => path.endsWith('.yml'))!.text)
  } catch (error) {
    if (isUserError(error)) return undefined
    throw error
  }
}

const sections = ['services', 'networks', 'volumes', 'secrets', 'configs', 'models'] as const

/** Many files in one: their names are their own. */
function together(files: readonly ComposeFile[]): ComposeFile {
  const filled = sections
    .map((section) => [section, Object.assign({}, ...files.map((one) => one[section]))] as const)
    .filter(([, nodes]) => Object.keys(nodes).length > 0)
  return Object.fromEntries(filled)
}

interface Refusal {
  readonly file: ComposeFile
  readonly says: string
}

describeEngine('what is accepted without an error, the tools accept', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'erlmcp-oracle-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** The first file that a tool refuses: it reads them all at once, and then halves of them. */
  async function refusal(
    files: readonly ComposeFile[],
    tool: (path: string) => [string, ...string[]],
  ): Promise<Refusal | undefined> {
    const path = join(folder, 'files.yml')
    // JSON is YAML in which no text can be taken for another scalar.
    writeFileSync(path, JSON.stringify(together(files)))
    const { code, stderr } = await run(tool(path), {
      env: { SECRET: 'x', COMPOSE_PROJECT_NAME: 'p' },
    })
    if (code === 0) return undefined
    const [file] = files
    if (files.length === 1) return { file: file!, says: stderr.trim().split('\n').at(-1)! }
    const half = Math.ceil(files.length / 2)
    return (await refusal(files.slice(0, half), tool)) ?? (await refusal(files.slice(half), tool))
  }

  const config = (path: string): [string, ...string[]] => [
    ...(['docker', 'compose', '--file', path, '--profile', '*', 'config', '--quiet'] as const),
  ]
  const stackConfig = (path: string): [string, ...string[]] => [
    ...(['docker', 'stack', 'config', '--compose-file', path] as const),
  ]

  test.each([
    [
      'docker compose config: files as they are',
      (document: ComposeFile) => fromComposeSpec('compose.yml', document as never),
      config,
    ],
    [
      'docker compose config: values with defaults',
      (document: ComposeFile) => compose('compose.yml', authored(document)),
      config,
    ],
    [
      'docker stack config: values with defaults',
      (document: ComposeFile) => swarm('stack.yml', authored(document)),
      stackConfig,
    ],
  ])('%s', async (_, make, tool) => {
    const generated = fc.sample(documents, { numRuns: runs, seed })
    const files = generated
      .map((document, index) => accepted(() => make(named(document, index))))
      .filter((file) => file !== undefined)
    // A generator of which nothing is accepted would prove nothing.
    expect(files.length).toBeGreaterThan(runs / 10)
    expect(await refusal(files, tool), `ERLMCP_ORACLE_SEED=${seed}`).toBeUndefined()
  })
})
