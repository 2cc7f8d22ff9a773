import { type Origin, originOf, schema, UserError, validateOptions } from '@erlmcp/core'
import type { Coverage, Covered, Evidence, Problem, Reader } from '../reading.ts'
import { coverTable } from './cover-table.ts'
import { addCoverdata, type LinesRun } from './coverdata.ts'
import { filesAt, inFile, NoEvidence, reader, Unreadable } from './guarded.ts'
import { refuseNoReason } from './reasons.ts'

export interface CoverOptions {
  /** Share of all lines that tests have to run: `0.8`. */
  readonly threshold: number
  /** Share for single modules, in which the total says too little: `{ demo_auth: 0.95 }`. */
  readonly modules?: Readonly<Record<string, number>>
  /** Modules that do not count, each with the reason. */
  readonly exclude?: Readonly<Record<string, string>>
}

const { any, anyObject, object } = schema

const optionsSchema = object<CoverOptions>({
  threshold: any,
  modules: anyObject,
  exclude: anyObject,
})

/**
 * Reads the coverage that tests have exported: `{cover_export_enabled, true}`. It counts lines, over
 * all exports together, as `rebar3 cover` does, but compares the fraction itself: 79.99 % is below
 * 80 %, where rebar3's table and its `min_coverage` cut the number off.
 *
 * @param path the folder of `*.coverdata`, below the project
 * @throws UserError for a threshold that is no share, an exclusion without a reason, or an option that it
 * does not have
 * @example
 * cover('_build/test/cover', { threshold: 0.8, exclude: { demo_app: 'starts the system, nothing else' } })
 */
export function cover(path: string, options: CoverOptions): Reader {
  const { threshold, modules = {}, exclude = {} } = options
  const origin = originOf(cover)
  validateOptions('cover(…)', options, optionsSchema, origin)
  for (const share of [threshold, ...Object.values(modules)]) checkShare(share, origin)
  refuseNoReason('exclusion', exclude, origin)
  return reader('coverage', [path], async (evidence) => {
    const coverage = without(await readCoverage(path, evidence), exclude)
    if (coverage.lines === 0) throw new NoEvidence('there is no line that tests could run')
    const problems = [
      ...below('all modules', coverage, threshold),
      ...Object.entries(modules).flatMap(([name, share]) => {
        const found = coverage.modules.find(({ module }) => module === name)
        return found ? below(name, found, share) : [absent(name, 'given a threshold')]
      }),
      ...Object.keys(exclude)
        .filter((name) => !coverage.excluded.includes(name))
        .map((name) => absent(name, 'excluded from coverage')),
    ]
    const { covered, lines, modules: counted } = coverage
    return { problems, coverage: { covered, lines, modules: counted } }
  })
}

function checkShare(share: number, origin: Origin): void {
  if (share >= 0 && share <= 1) return
  throw new UserError({
    message: `${share} is no share of lines`,
    hint: 'Write a threshold between 0 and 1, such as 0.8 for 80 %.',
    origin,
  })
}

async function readCoverage(path: string, evidence: Evidence): Promise<Coverage> {
  const files = filesAt(evidence, path, (name) => name.endsWith('.coverdata'))
  if (files.length === 0) {
    throw new NoEvidence(`there is no *.coverdata in ${path}; tests write it with --cover`)
  }
  const run: LinesRun = new Map()
  for (const file of files) await inFile(file, () => addCoverdata(file, run))
  const modules = [...run].map(([module, lines]) => {
    const missed = [...lines].flatMap(([line, ran]) => (ran ? [] : [line])).sort((a, b) => a - b)
    const counts = { covered: lines.size - missed.length, lines: lines.size }
    return { module, ...counts, ...(missed.length > 0 && { missed }) }
  })
  modules.sort((a, b) => (a.module < b.module ? -1 : 1))
  await checkTable(evidence, modules)
  return { ...sum(modules), modules }
}

function sum(modules: Coverage['modules']): Covered {
  const total = { covered: 0, lines: 0 }
  for (const { covered, lines } of modules) {
    total.covered += covered
    total.lines += lines
  }
  return total
}

/** What rebar3 has printed must be what the files say, or one of them was cut short. */
async function checkTable(evidence: Evidence, modules: Coverage['modules']): Promise<void> {
  const printed = await coverTable(evidence.output)
  const found = new Map(modules.map((one) => [one.module, one]))
  for (const [module, percent] of printed) {
    const one = found.get(module)
    if (!one) throw new Unreadable(`rebar3 counts the module ${module}, and no *.coverdata has it`)
    // Exactly as rebar3 calculates it, also where the product of two doubles falls short.
    const counted = one.lines === 0 ? percent : Math.trunc((one.covered / one.lines) * 100)
    if (counted !== percent) {
      throw new Unreadable(`${module}: rebar3 says ${percent} %, the *.coverdata ${counted} %`)
    }
  }
}

function without(coverage: Coverage, exclude: Readonly<Record<string, string>>) {
  const isOut = ({ module }: { module: string }) => Object.hasOwn(exclude, module)
  const modules = coverage.modules.filter((one) => !isOut(one))
  const excluded = coverage.modules.filter(isOut).map(({ module }) => module)
  return { ...sum(modules), modules, excluded }
}

function below(subject: string, { covered, lines }: Covered, threshold: number): Problem[] {
  if (lines > 0 && covered / lines >= threshold) return []
  const needed = Number((threshold * 100).toPrecision(12))
  const message = `${subject}: ${percentage(covered, lines)} of the lines are run by tests (${covered} of ${lines}), and ${needed} % must be`
  return [{ kind: 'threshold', message }]
}

function absent(module: string, message: string): Problem {
  return {
    kind: 'threshold',
    message: `${module} is ${message}, and there is no such module: remove that`,
  }
}

/** Never rounded up to what it is not: 7,999 of 10,000 is 79.9 %. */
export function percentage(covered: number, lines: number): string {
  return lines === 0 ? 'none' : `${Math.floor((covered * 1000) / lines) / 10} %`
}
