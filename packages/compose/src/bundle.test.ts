import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const source = (name: string) => new URL(`../../${name}/src/index.ts`, import.meta.url).pathname

/** The bundle of a program on the sources of this package, and the modules in it. */
async function bundle(contents: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    alias: { '@erlmcp/core': source('core'), '@erlmcp/compose': source('compose') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  const modules = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  const { contents: code, text } = outputFiles[0]!
  return { size: code.length, text, modules: modules.map(([path]) => path) }
}

const program = `
  import { compose, service } from '@erlmcp/compose'
  const { documents } = compose('compose.yaml', [service('app', { image: 'app:1' })])
  for (const { data, format } of documents({ stack: 'shop' } as never)) {
    process.stdout.write(format.print(data, []))
  }
`

test('a program that prints a file is bundled without rules, merging and a YAML parser', async () => {
  const { size, modules } = await bundle(program)
  expect(
    modules.filter((path) => /lint\/rules|merge\/merge|schema\/formats|node_modules/.test(path)),
  ).toEqual([])
  expect(size).toBeLessThan(78_000)
})

test('the bundle of such a program runs where nothing is installed', async () => {
  const { text } = await bundle(program)
  const options = { cwd: tmpdir(), encoding: 'utf8' } as const
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', text], options)
  expect(output).toContain('  app:\n    image: app:1\n')
})
