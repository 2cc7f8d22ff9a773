import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

/**
 * Tests the code of a README on the sources of the packages: every `ts` block runs, and prints the
 * block of `text` or `dockerfile` that follows it, where there is one.
 *
 * @param readme path of the file
 * @example
 * describeReadmeOutput(resolve(import.meta.dirname, '../README.md'))
 */
export function describeReadmeOutput(readme: string): void {
  const blocks = [
    ...readFileSync(readme, 'utf8').matchAll(
      /^```ts\n([\s\S]*?)^```\n(?:\n```(?:dockerfile|text)\n([\s\S]*?)^```\n)?/gm,
    ),
  ]
  const folder = mkdtempSync(join(tmpdir(), 'readme-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  describe('the code of README.md runs', () => {
    test.each(blocks.map(([, code, output], n) => [n + 1, code!, output] as const))(
      'block %i',
      (n, code, output) => {
        const file = join(folder, `block-${n}.ts`)
        writeFileSync(file, code)
        const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], {
          cwd: root,
          encoding: 'utf8',
          env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
        })
        expect(stderr).toBe('')
        expect(status).toBe(0)
        if (output !== undefined) expect(stdout).toBe(output)
      },
    )
  })
}
