import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { moduleText } from './services.ts'

/**
 * How much longer the compiler takes over services typed by @erlmcp/compose than over the same
 * objects typed by a bare interface, both in programs that hold the package, in interleaved runs.
 */
export interface TypeCost {
  readonly services: number
  /** Seconds of "Check time", the fastest of the runs. */
  readonly bare: number
  readonly ours: number
  readonly ratio: number
}

const root = resolve(import.meta.dirname, '../..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')

export function measureTypeCost(services = 1000, runs = 5): TypeCost {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'typeperf-'))
  try {
    emitTypes(folder)
    const kinds = ['bare', 'ours'] as const
    for (const kind of kinds) writeProgram(join(folder, kind), moduleText(kind, services))
    const times = { bare: [] as number[], ours: [] as number[] }
    for (let run = 0; run < runs; run++) {
      for (const kind of kinds) times[kind].push(checkSeconds(join(folder, kind)))
    }
    const bare = Math.min(...times.bare)
    const ours = Math.min(...times.ours)
    return { services, bare, ours, ratio: ours / bare }
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
  const paths = {
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

function checkSeconds(folder: string): number {
  const args = [tsc, '-p', folder, '--extendedDiagnostics', '--singleThreaded']
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' })
  const seconds = /^Check time:\s*([\d.]+)s$/m.exec(output)?.[1]
  if (seconds === undefined) throw new Error(`tsc printed no check time:\n${output}`)
  return Number(seconds)
}

if (process.argv[1] === import.meta.filename) {
  const { services, bare, ours, ratio } = measureTypeCost()
  process.stdout.write(
    `${services} services: bare interface ${bare}s, @erlmcp/compose ${ours}s, ` +
      `ratio ${ratio.toFixed(2)} (goal: under 1.5)\n`,
  )
}
