import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

// The Erlang block is run by bench.engine.test.ts.
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const section = /^## Benchmarks\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(readme)![1]!
const repository = fileURLToPath(new URL('../../../../', import.meta.url))

test('the code of the README makes its gate', () => {
  const block = /^```ts\n([\s\S]*?)^```$/m.exec(section)![1]!
  const index = new URL('../index.ts', import.meta.url).href
  // Beside the package, so that what it imports is found.
  const folder = mkdtempSync(join(repository, 'packages/gates/node_modules/readme-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const ask =
      'console.log(JSON.stringify({ command: bench.spec.command, exclusive: bench.spec.exclusive }))'
    const text = `${block.replaceAll("'@erlmcp/gates'", JSON.stringify(index))}\n${ask}\n`
    writeFileSync(join(folder, 'block.ts'), text)
    const tsx = pathToFileURL(join(repository, 'node_modules/tsx/dist/loader.mjs')).href
    const output = execFileSync(process.execPath, ['--import', tsx, join(folder, 'block.ts')], {
      cwd: repository,
      encoding: 'utf8',
    })
    expect(JSON.parse(output)).toEqual({
      command: ['docker/gates/bench', '--pairs', '60', '--threshold', '0.2000'],
      exclusive: true,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the README lists every verdict', () => {
  const verdicts = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1])
  expect(verdicts).toEqual(['pass', 'regression', 'inconclusive', 'no-baseline'])
})
