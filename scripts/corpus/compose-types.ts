import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'
import {
  type Document,
  isAlias,
  isNode,
  parse,
  parseAllDocuments,
  type ScalarTag,
  visit,
} from 'yaml'
import { type ComposeFile, printCompose } from '../../packages/compose/src/index.ts'
import { type Label, openCorpus } from './corpus.ts'
import { typeCheck } from './type-check.ts'

/** What became of one file that `docker compose config` accepts. */
export interface Outcome {
  readonly path: string
  /** Undefined where the types can say it and it means the same when printed. */
  readonly reason?: string
}

export interface Options {
  /** Every how-many-th file is taken. Default: 1, all. */
  readonly every?: number
  /** Whether printed files are held against the originals by `docker compose config`. Default: true. */
  readonly meaning?: boolean
}

/**
 * Turns every compose file of the corpus that `docker compose config` accepts into a literal of
 * our document type, type-checks all of them in one run of the compiler, prints them, and holds
 * what `docker compose config` says of ours against what it says of the original.
 */
export async function checkCompose({
  every = 1,
  meaning = true,
}: Options = {}): Promise<Outcome[]> {
  const corpus = openCorpus('compose')
  try {
    const accepted = corpus.labels.filter((label) => isAccepted(label))
    const taken = accepted.filter((_, index) => index % every === 0)
    const read = taken.map((label) => ({ label, ...readFile(join(corpus.folder, label.path)) }))
    const typeErrors = typeCheck(
      read.map(({ data }) => data),
      { file: 'packages/compose/src/document.ts', type: 'ComposeFile' },
    )
    return await inPairs(read, async ({ label, data, unreadable }, index) => {
      const path = label.path
      if (data === undefined) return { path, reason: unreadable ?? 'cannot be read' }
      const error = typeErrors.get(index)
      if (error !== undefined) return { path, reason: `does not type-check: ${error}` }
      if (!meaning) return { path }
      const reason = await differs(join(corpus.folder, path), data, interpolates(label))
      return { path, ...(reason !== undefined && { reason }) }
    })
  } finally {
    corpus.close()
  }
}

const interpolates = ({ tools }: Label) => tools?.compose_config?.exit === 0

function isAccepted(label: Label): boolean {
  return (
    label.role === 'target' &&
    (interpolates(label) || label.tools?.compose_no_interpolate?.exit === 0)
  )
}

// Go's YAML reads 0644 as octal, as YAML 1.1 does; yes and 22:22 are text to it, as in YAML 1.2.
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
}

function readFile(path: string): { data?: ComposeFile; unreadable?: string } {
  const documents = parseAllDocuments(readFileSync(path, 'utf8'), {
    merge: true,
    uniqueKeys: false,
    customTags: (tags) => [octal, ...tags],
  })
  if (documents.length !== 1)
    return { unreadable: `${documents.length} YAML documents in one file` }
  const document = documents[0]!
  const problem =
    document.errors[0] ?? document.warnings.find(({ code }) => code !== 'TAG_RESOLVE_FAILED')
  if (problem) return { unreadable: `YAML: ${problem.message.split('\n')[0]}` }
  resolveMergeTags(document)
  return { data: document.toJS({ maxAliasCount: -1 }) as ComposeFile }
}

/**
 * What the merge tags mean in a file alone: `!reset` takes its key away, `!override`
 * is its value (Compose spec, "Merge"). Our documents are of one file and need neither.
 */
function resolveMergeTags(document: Document.Parsed): void {
  // All are found before the first is taken away, for an alias needs the node it names.
  const reset = new Set<unknown>()
  visit(document, {
    Pair(_, pair) {
      const value = isAlias(pair.value) ? pair.value.resolve(document) : pair.value
      if (isNode(value) && value.tag === '!reset') reset.add(pair)
    },
  })
  visit(document, { Pair: (_, pair) => (reset.has(pair) ? visit.REMOVE : undefined) })
}

/** How our print of a file differs from the original for `docker compose config`, if it does. */
async function differs(
  path: string,
  data: ComposeFile,
  interpolate: boolean,
): Promise<string | undefined> {
  const ours = join(dirname(path), `printed-${basename(path)}`)
  writeFileSync(ours, printCompose(data))
  const [original, printed] = [await config(path, interpolate), await config(ours, interpolate)]
  if (typeof original === 'string') return `the original is refused here: ${original}`
  if (typeof printed === 'string') return `ours is refused: ${printed}`
  return isDeepStrictEqual(original, printed)
    ? undefined
    : `means something else: ${firstDifference(original, printed)}`
}

const run = promisify(execFile)

/** The file as Compose understands it, or its complaint. */
async function config(path: string, interpolate: boolean): Promise<object | string> {
  const flags = interpolate ? [] : ['--no-interpolate']
  try {
    // Compose cannot print some files that it takes, such as those with `build.ssh`, as JSON.
    const { stdout } = await run('docker', ['compose', '-f', path, 'config', ...flags], {
      cwd: dirname(path),
      maxBuffer: 2 ** 28,
      timeout: 60_000,
    })
    return parse(stdout, { maxAliasCount: -1 }) as object
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    return (stderr ?? message).trim().split('\n').at(-1) ?? message
  }
}

function firstDifference(a: unknown, b: unknown, path = ''): string {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return `${path}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`
  }
  const [first, second] = [a as Record<string, unknown>, b as Record<string, unknown>]
  for (const key of new Set([...Object.keys(first), ...Object.keys(second)])) {
    if (!isDeepStrictEqual(first[key], second[key])) {
      return firstDifference(first[key], second[key], `${path}/${key}`)
    }
  }
  return path
}

/** Two at a time: each call of docker is a process. */
async function inPairs<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index]!, index)
    }
  }
  await Promise.all([worker(), worker()])
  return results
}

if (process.argv[1] === import.meta.filename) {
  const outcomes = await checkCompose()
  const bad = outcomes.filter(({ reason }) => reason !== undefined)
  for (const { path, reason } of bad) process.stdout.write(`${path}\n  ${reason}\n`)
  const good = outcomes.length - bad.length
  const share = ((100 * good) / outcomes.length).toFixed(2)
  process.stdout.write(
    `${good} of ${outcomes.length} files (${share}%) type-check and mean the same\n`,
  )
  process.exitCode = good / outcomes.length >= 0.99 ? 0 : 1
}
