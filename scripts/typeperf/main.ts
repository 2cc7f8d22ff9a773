import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bareDeclarations, moduleText } from './services.ts'

/** What the compiler says of one program (`--extendedDiagnostics`). */
export interface Check {
  /** "Check time" in seconds: without reading, parsing and binding. */
  readonly seconds: number
  /** Things it named, types it made: the same in every run, however busy the machine. */
  readonly symbols: number
  readonly types: number
}

/**
 * How much longer the compiler takes over services typed by @erlmcp/compose than over the same
 * text typed by a bare interface, both in programs that hold the package, in interleaved runs.
 */
export interface TypeCost {
  readonly services: number
  /** All runs, the fastest first. */
  readonly bare: readonly Check[]
  readonly ours: readonly Check[]
}

const root = resolve(import.meta.dirname, '../..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')

export function measureTypeCost(services: number, runs: number): TypeCost {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'typeperf-'))
  try {
    emitTypes(folder)
    const kinds = ['bare', 'ours'] as const
    for (const kind of kinds) writeProgram(join(folder, kind), moduleText(kind, services))
    const checks = { bare: [] as Check[], ours: [] as Check[] }
    for (let run = 0; run < runs; run++) {
      for (const kind of kinds) checks[kind].push(check(join(folder, kind)))
    }
    for (const kind of kinds) checks[kind].sort((a, b) => a.seconds - b.seconds)
    return { services, ...checks }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The declarations of the packages, as one who installed them has them. */
function emitTypes(folder: string): void {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      noCheck: true,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: join(root, 'packages'),
      outDir: join(folder, 'types'),
    },
    include: [],
    files: [join(root, 'packages/compose/src/index.ts')],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' })
}

function writeProgram(folder: string, text: string): void {
  mkdirSync(folder)
  writeFileSync(join(folder, 'services.ts'), text)
  writeFileSync(join(folder, 'bare.d.ts'), bareDeclarations)
  const paths = {
    bare: [join(folder, 'bare.d.ts')],
    '@erlmcp/core': [join(folder, '../types/core/src/index.d.ts')],
    '@erlmcp/compose': [join(folder, '../types/compose/src/index.d.ts')],
  }
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { noEmit: true, paths, typeRoots: [join(root, 'node_modules/@types')] },
    files: ['services.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
}

function check(folder: string): Check {
  const args = [tsc, '-p', folder, '--extendedDiagnostics', '--singleThreaded']
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' })
  const read = (name: string) => {
    const value = new RegExp(`^${name}:\\s*([\\d.]+)`, 'm').exec(output)?.[1]
    if (value === undefined) throw new Error(`tsc printed no ${name}:\n${output}`)
    return Number(value)
  }
  return { seconds: read('Check time'), symbols: read('Symbols'), types: read('Types') }
}

/** The cost, in one line. */
function report({ services, bare, ours }: TypeCost): string {
  const middle = Math.floor(bare.length / 2)
  const ratio = (index: number) => (ours[index]!.seconds / bare[index]!.seconds).toFixed(2)
  return (
    `${services} services: bare interface ${bare[0]!.seconds} s, @erlmcp/compose ` +
    `${ours[0]!.seconds} s, ratio ${ratio(0)} of the fastest and ${ratio(middle)} of the middle ` +
    `of ${bare.length} runs (goal: under 1.5)\n`
  )
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(report(measureTypeCost(1000, 11)))
}
