import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')

/**
 * Tests what the compiler refuses. Each line of the fixtures that ends in `// error: …` must be
 * refused in those words, and nothing else must.
 *
 * @param fixtures folder with files of TypeScript
 * @example
 * describeRefused(resolve(import.meta.dirname, '../fixtures/refused'))
 */
export function describeRefused(fixtures: string): void {
  describe('the compiler', () => {
    const errors = compile(fixtures)
    const places = expected(fixtures)

    it.each(places)('refuses %s and says: %s', (place, words) => {
      expect(errors.get(place)).toContain(words)
    })

    it('takes everything else', () => {
      expect([...errors.keys()].sort()).toEqual(places.map(([place]) => place).sort())
    })
  })
}

/** What the compiler says of each line of the fixtures, by `file:line`. */
function compile(fixtures: string): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-types-'))
  try {
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
      include: [join(fixtures, '*.ts')],
      exclude: [],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    return errorsOf(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function errorsOf(folder: string): Map<string, string> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  let output = ''
  try {
    output = execFileSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    })
  } catch (error) {
    output = String((error as { stdout?: unknown }).stdout)
  }
  const errors = new Map<string, string>()
  // An error goes on in the lines below it that are indented.
  const pattern = /^(?:.*fixtures\/refused\/)([\w.-]+\.ts)\((\d+),\d+\): error (.*(?:\n .*)*)/gm
  for (const [, file, line, message] of output.matchAll(pattern)) {
    errors.set(`${file}:${line}`, `${errors.get(`${file}:${line}`) ?? ''}${message}\n`)
  }
  return errors
}

/** The comments `// error: …` of the fixtures, by `file:line`. */
function expected(fixtures: string): [place: string, words: string][] {
  return readdirSync(fixtures).flatMap((file) =>
    readFileSync(join(fixtures, file), 'utf8')
      .split('\n')
      .flatMap((line, index): [string, string][] => {
        const words = /\/\/ error: (.*)$/.exec(line)?.[1]
        return words === undefined ? [] : [[`${file}:${index + 1}`, words]]
      }),
  )
}
