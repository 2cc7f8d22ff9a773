import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isStack, synthesize } from '@erlmcp/core'
import { afterAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

/**
 * Tests the code of a README: every `ts` block type-checks and runs, and a stack that it exports by
 * default comes to files without an error.
 *
 * @param readme path of the file, in the folder of its package
 * @example
 * describeReadme(resolve(import.meta.dirname, '../README.md'))
 */
export function describeReadme(readme: string): void {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/```ts\n(.*?)```/gs)]
  // Within the package, so that the blocks find what the README tells to install.
  const cache = join(dirname(readme), 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'readme-'))
  const files = blocks.map(([, text], index) => {
    const file = join(folder, `block${index}.ts`)
    writeFileSync(file, text!)
    return file
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  describe('README.md', () => {
    it('has code that type-checks', () => {
      const config = {
        extends: join(root, 'tsconfig.json'),
        compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
        include: ['*.ts'],
        exclude: [],
      }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
      const tsc = join(root, 'node_modules/typescript/bin/tsc')
      let output = ''
      try {
        execFileSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
          encoding: 'utf8',
        })
      } catch (error) {
        output = String((error as { stdout?: unknown }).stdout)
      }
      expect(output.split('\n').filter((line) => line.includes('block'))).toEqual([])
    })

    it.each(files)('has code that runs: %#', async (file) => {
      const { default: made } = (await import(file)) as { default?: unknown }
      if (!isStack(made)) return
      const { artifacts, diagnostics } = synthesize(made)
      expect(artifacts.length).toBeGreaterThan(0)
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    })
  })
}
