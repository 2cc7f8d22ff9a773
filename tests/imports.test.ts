import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

// Who may import whom. Arrows run left only (docs: "Packages").
const may: Record<string, readonly string[]> = {
  core: [],
  dockerfile: ['core'],
  compose: ['core'],
  workflow: ['core'],
  erlang: ['core', 'dockerfile', 'compose', 'workflow'],
  gates: ['core', 'dockerfile', 'compose', 'workflow', 'erlang'],
  cluster: ['core', 'dockerfile', 'compose', 'workflow', 'erlang'],
  projen: ['core', 'dockerfile', 'compose', 'workflow', 'erlang', 'gates', 'cluster'],
  cli: ['core', 'dockerfile', 'compose', 'workflow', 'erlang', 'gates', 'cluster'],
  testkit: ['core'],
}

const packages = fileURLToPath(new URL('../packages/', import.meta.url))
const sources = readdirSync(packages)
  .filter((name) => existsSync(join(packages, name, 'src')))
  .flatMap((name) => filesOf(`${name}/src`))
  .filter((file) => file.endsWith('.ts'))

function filesOf(folder: string): string[] {
  const entries = readdirSync(join(packages, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(packages, join(entry.parentPath, entry.name)))
}

const shipped = sources.filter((file) => !/\.test\.ts$/.test(file))

function importsOf(file: string): string[] {
  const text = readFileSync(join(packages, file), 'utf8')
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
  )
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3])!)
}

test('every package has a place in the order', () => {
  expect(Object.keys(may)).toEqual(
    expect.arrayContaining([...new Set(sources.map((f) => f.split(/[/\\]/)[0]!))]),
  )
})

test('packages import only what stands left of them', () => {
  const wrong = shipped.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('@erlmcp/'))
      .filter((name) => !may[file.split('/')[0]!]!.includes(name.split('/')[1]!))
      .map((name) => `${file} imports ${name}`),
  )
  expect(wrong).toEqual([])
})

test('only @erlmcp/projen imports projen', () => {
  const users = shipped.filter((file) => importsOf(file).some((name) => /^projen(\/|$)/.test(name)))
  expect(users.filter((file) => !file.startsWith('projen/'))).toEqual([])
})

test('imports and dependencies are the same list', () => {
  for (const name of new Set(shipped.map((file) => file.split('/')[0]!))) {
    const manifest = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    const used = shipped
      .filter((file) => file.startsWith(`${name}/`))
      .flatMap(importsOf)
      .filter(
        (one) => !one.startsWith('.') && !one.startsWith('node:') && !/^vitest(\/|$)/.test(one),
      )
      .map((one) =>
        one
          .split('/')
          .slice(0, one.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    if (manifest.private) continue
    expect([...new Set(used)].sort(), name).toEqual(declared.sort())
  }
})

describe('files', () => {
  test('no circle between the files of a package', () => {
    const circles: string[] = []
    const done = new Set<string>()
    const visit = (file: string, way: string[]): void => {
      if (way.includes(file)) {
        const circle = [...way.slice(way.indexOf(file)), file]
        circles.push(circle.map((one) => relative(packages, one)).join(' -> '))
        return
      }
      if (done.has(file)) return
      for (const name of valueImportsOf(file)) visit(resolve(dirname(file), name), [...way, file])
      done.add(file)
    }
    for (const file of shipped) visit(join(packages, file), [])
    expect(circles).toEqual([])
  })

  test('no file passes 300 lines', () => {
    const long = shipped
      .map((file) => ({
        file,
        lines: readFileSync(join(packages, file), 'utf8').split('\n').length - 1,
      }))
      .filter(({ lines }) => lines > 300)
    expect(long).toEqual([])
  })

  test('no index but the public faces and the lists of rules', () => {
    const extra = shipped.filter(
      (file) =>
        /\/index\.ts$/.test(file) &&
        !/^[^/]+\/src\/(?:(?:services|rules|erlang|run)\/)?index\.ts$/.test(file),
    )
    expect(extra).toEqual([])
  })
})

// A circle of types is erased; only what runs can run in a circle.
function valueImportsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(
    /^\s*(?:import|export) type\b[^'"`;]*?from\s*'[^']+'/gm,
    '',
  )
  return [...text.matchAll(/^\s*(?:import|export)\b([^'"`;]*?)from\s*'(\.[^']+)'/gm)]
    .filter(([, names]) => !onlyTypes(names!))
    .map((match) => match[2]!)
}

function onlyTypes(names: string): boolean {
  const inner = /\{([\s\S]*)\}/
    .exec(names)?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return inner !== undefined && inner.length > 0 && inner.every((name) => name.startsWith('type '))
}
