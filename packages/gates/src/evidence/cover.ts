import { type Origin, originOf, schema, UserError, validateOptions } from '@erlmcp/core'
import { coverTable } from './cover-table.ts'
import { addCoverdata, type LinesRun } from './coverdata.ts'
import { filesAt, reader } from './reader.ts'
import type { Coverage, Covered, Evidence, GateDiagnostic, Reader } from './report.ts'
import { inFile, ReportMissingError, ReportParseError } from './report-errors.ts'
import { validateReasons } from './required-reason.ts'
import { formatShare } from './text.ts'

export interface CoverOptions {
  /** Share of all executable lines that tests must run: `0.8`. */
  readonly threshold: number
  /** Shares for single modules: `{ demo_auth: 0.95 }`. Default: none. */
  readonly modules?: Readonly<Record<string, number>>
  /** Modules that do not count, each with the reason. Default: none. */
  readonly exclude?: Readonly<Record<string, string>>
}

const { any, anyObject, object } = schema

const optionsSchema = object<CoverOptions>({
  threshold: any,
  modules: anyObject,
  exclude: anyObject,
})

/**
 * Reads the coverage that tests exported with `{cover_export_enabled, true}`. It merges all exports
 * and counts lines as `rebar3 cover` does, but compares the exact fraction: 79.99 % is below 80 %,
 * while rebar3's `min_coverage` truncates.
 *
 * @param path the folder of `*.coverdata`, below the project
 * @throws UserError for a threshold outside 0 to 1, an exclusion without a reason, or an unknown option
 * @example
 * cover('_build/test/cover', { threshold: 0.8, exclude: { demo_app: 'starts the system, nothing else' } })
 */
export function cover(path: string, options: CoverOptions): Reader {
  const { threshold, modules = {}, exclude = {} } = options
  const origin = originOf(cover)
  validateOptions('cover(…)', options, optionsSchema, origin)
  for (const share of [threshold, ...Object.values(modules)]) validateShare(share, origin)
  validateReasons('exclusion', exclude, origin)
  return reader('coverage', [path], async (evidence) => {
    const coverage = without(await readCoverage(path, evidence), exclude)
    if (coverage.lines === 0) throw new ReportMissingError('no module has an executable line')
    const diagnostics = [
      ...below('all modules', coverage, threshold),
      ...Object.entries(modules).flatMap(([name, share]) => {
        const found = coverage.modules.find(({ module }) => module === name)
        return found ? below(name, found, share) : [absent(name, 'has a threshold')]
      }),
      ...Object.keys(exclude)
        .filter((name) => !coverage.excluded.includes(name))
        .map((name) => absent(name, 'is excluded')),
    ]
    const { covered, lines, modules: counted } = coverage
    return { diagnostics, coverage: { covered, lines, modules: counted } }
  })
}

function validateShare(share: number, origin: Origin): void {
  if (share >= 0 && share <= 1) return
  throw new UserError({
    message: `invalid threshold ${share}: expected a number from 0 to 1`,
    hint: 'Write 0.8 for 80 %.',
    origin,
  })
}

async function readCoverage(path: string, evidence: Evidence): Promise<Coverage> {
  const files = filesAt(evidence, path, (name) => name.endsWith('.coverdata'))
  if (files.length === 0) {
    throw new ReportMissingError(`no *.coverdata in ${path}. Run the tests with --cover`)
  }
  const run: LinesRun = new Map()
  for (const file of files) await inFile(file, () => addCoverdata(file, run))
  const modules = [...run].map(([module, lines]) => {
    const missed = [...lines].flatMap(([line, ran]) => (ran ? [] : [line])).sort((a, b) => a - b)
    const counts = { covered: lines.size - missed.length, lines: lines.size }
    return { module, ...counts, ...(missed.length > 0 && { missed }) }
  })
  modules.sort((a, b) => (a.module < b.module ? -1 : 1))
  await validateTable(evidence, modules)
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

/** The table that rebar3 printed must match the files, or a file is truncated. */
async function validateTable(evidence: Evidence, modules: Coverage['modules']): Promise<void> {
  const printed = await coverTable(evidence.output)
  const found = new Map(modules.map((one) => [one.module, one]))
  for (const [module, percent] of printed) {
    const one = found.get(module)
    if (!one)
      throw new ReportParseError(`rebar3 printed the module ${module}, but no *.coverdata has it`)
    // The same rounding as in rebar3, which truncates the product of two doubles.
    const counted = one.lines === 0 ? percent : Math.trunc((one.covered / one.lines) * 100)
    if (counted !== percent) {
      throw new ReportParseError(
        `${module}: rebar3 printed ${percent} %, but the *.coverdata has ${counted} %`,
      )
    }
  }
}

function without(coverage: Coverage, exclude: Readonly<Record<string, string>>) {
  const isOut = ({ module }: { module: string }) => Object.hasOwn(exclude, module)
  const modules = coverage.modules.filter((one) => !isOut(one))
  const excluded = coverage.modules.filter(isOut).map(({ module }) => module)
  return { ...sum(modules), modules, excluded }
}

function below(subject: string, { covered, lines }: Covered, threshold: number): GateDiagnostic[] {
  if (lines > 0 && covered / lines >= threshold) return []
  const needed = Number((threshold * 100).toPrecision(12))
  const message = `${subject}: expected tests to run ${needed} % of the lines, got ${formatShare(covered, lines)} (${covered} of ${lines})`
  return [{ kind: 'threshold', message }]
}

function absent(module: string, subject: string): GateDiagnostic {
  return {
    kind: 'threshold',
    message: `${module} ${subject}, but the coverage has no such module. Remove the entry`,
  }
}
