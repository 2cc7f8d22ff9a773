import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine, ensureImages, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { print } from '../print/print.ts'
import type { Dockerfile } from '../schema/document.ts'
import { rules } from './rules.gen.ts'

const base = 'debian:trixie-slim'

// Rules that implement a check of BuildKit agree with it about their examples.
describeEngine('the checks of BuildKit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dockerfile-rules-'))
  beforeAll(() => ensureImages([base]))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function checksOf(data: Dockerfile): Promise<string> {
    const file = join(folder, 'Dockerfile')
    // Some of its checks are experimental.
    writeFileSync(file, print({ ...data, directives: { check: { experimental: 'all' } } }, []))
    writeFileSync(join(folder, '.dockerignore'), '_build\n')
    const contexts = ['debian:13.1-slim', 'erlang:28.3.1'].flatMap((name) => [
      '--build-context',
      `${name}=docker-image://${base}`,
    ])
    const { stdout, stderr } = await run(
      [
        'docker',
        'buildx',
        'build',
        '--call=check',
        '--progress=plain',
        ...contexts,
        '--file',
        file,
        folder,
      ],
      { timeout: 60_000 },
    )
    return stdout + stderr
  }

  const twins = rules.flatMap((rule) =>
    rule.references
      .filter((one) => one.startsWith('BuildKit '))
      .map((one) => [one.slice('BuildKit '.length), rule] as const),
  )

  it.each(twins)('%s', async (name, rule) => {
    expect(await checksOf(rule.bad)).toContain(`WARNING: ${name} `)
    expect(await checksOf(rule.good)).not.toContain(`WARNING: ${name} `)
  })
})
