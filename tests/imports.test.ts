import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

// The order of the packages: a package may import only packages of earlier rows.
// Circles between files are a rule of the linter: noImportCycles in biome.json.
const rows: readonly (readonly string[])[] = [
  ['core'],
  ['dockerfile', 'compose', 'workflow', 'docker'],
  ['erlang', 'secrets', 'constitution'],
  ['gates', 'cluster', 'backup'],
  ['projen', 'cli'],
]
// Private to the tests of all packages.
const testkit = 'testkit'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))
const names = readdirSync(packages).filter((name) => existsSync(join(packages, name, 'src')))
const sources = names.flatMap((name) => filesOf(`${name}/src`)).filter((file) => /\.ts$/.test(file))
// Helpers of tests may use the testkit, and the build leaves them out.
const shipped = sources.filter((file) => !/\.test\.ts$|\/testing\//.test(file))

function filesOf(folder: string): string[] {
  const entries = readdirSync(join(packages, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(packages, join(entry.parentPath, entry.name)))
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(packages, file), 'utf8')
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
  )
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3])!)
}

const packageOf = (file: string): string => file.split('/')[0]!

function manifestOf(name: string) {
  return JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
}

function mayImport(from: string, to: string): boolean {
  const row = (name: string) => rows.findIndex((names) => names.includes(name))
  return from === testkit ? row(to) === 0 : row(to) >= 0 && row(to) < row(from)
}

describe('packages', () => {
  test('each has a row', () => {
    expect([...rows.flat(), testkit]).toEqual(expect.arrayContaining(names))
  })

  test('import only packages of earlier rows', () => {
    const wrong = shipped.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('@erlmcp/'))
        .filter((name) => !mayImport(packageOf(file), name.split('/')[1]!))
        .map((name) => `${file} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('projen is imported by @erlmcp/projen alone', () => {
    const users = shipped.filter((file) =>
      importsOf(file).some((name) => /^projen(\/|$)/.test(name)),
    )
    expect(users.filter((file) => packageOf(file) !== 'projen')).toEqual([])
  })

  const published = names.filter((name) => !manifestOf(name).private)

  test.each(published)('%s declares as dependencies what it imports', (name) => {
    const { dependencies, peerDependencies } = manifestOf(name)
    const imported = shipped
      .filter((file) => packageOf(file) === name)
      .flatMap(importsOf)
      .filter((one) => !/^(\.|node:|vitest(\/|$))/.test(one))
      .map((one) => /^(?:@[^/]+\/)?[^/]+/.exec(one)![0])
    const declared = Object.keys({ ...dependencies, ...peerDependencies })
    expect([...new Set(imported)].sort()).toEqual(declared.sort())
  })
})

test('receipts and benchmarks of gates import neither each other nor the runner', () => {
  const targets = (folder: string) =>
    shipped
      .filter((file) => file.startsWith(`gates/src/${folder}/`))
      .flatMap((file) => importsOf(file).map((name) => join(file, '..', name)))
  const forbidden = /^gates\/src\/(?:runner|report|workflows)\/|^gates\/src\/[^/]+\.ts$/
  const wrong = [
    ...targets('receipt').filter(
      (path) => forbidden.test(path) || /\/(?:bench|evidence)\//.test(path),
    ),
    ...targets('bench').filter((path) => forbidden.test(path) || /\/receipt\//.test(path)),
  ]
  expect(wrong).toEqual([])
})

describe('files', () => {
  test('have at most 300 lines', () => {
    const long = shipped
      .filter((file) => !/\.gen\.ts$/.test(file))
      .map((file) => ({
        file,
        lines: readFileSync(join(packages, file), 'utf8').split('\n').length - 1,
      }))
      .filter(({ lines }) => lines > 300)
    expect(long).toEqual([])
  })

  test('are named index only where a package exports them', () => {
    const exported = names.flatMap((name) =>
      Object.keys(manifestOf(name).exports ?? {}).map((key) =>
        join(name, 'src', key, 'index.ts').replaceAll('\\', '/'),
      ),
    )
    const extra = shipped.filter((file) => /\/index\.ts$/.test(file))
    expect(exported).toEqual(expect.arrayContaining(extra))
  })
})
