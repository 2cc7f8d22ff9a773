// The words of this project's prose and names that were replaced, and where they are still used.
// `npx tsx tests/testing/vocabulary.ts packages/core` lists the uses below a path.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A replaced word or phrase. */
interface Replaced {
  readonly pattern: RegExp
  /** What to write. */
  readonly instead: string
  /** Only in TypeScript: the word is common in prose. */
  readonly identifier?: true
}

const replaced: readonly Replaced[] = [
  { pattern: /\bfindings?\b|Findings?\b|\bfindings?[A-Z]/, instead: 'diagnostic' },
  { pattern: /\bmisfits?\b/i, instead: 'diagnostic' },
  { pattern: /waive/i, instead: 'suppression, suppress' },
  { pattern: /surroundings/i, instead: 'context' },
  { pattern: /mistake/i, instead: 'error, UserError' },
  { pattern: /casualt(?:y|ies)/i, instead: 'blocked tests' },
  { pattern: /workplace/i, instead: 'preflight' },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, instead: 'fix' },
  {
    pattern: /\b(?:nobody|somebody|whoever|strangers?|persons?|people)\b/i,
    instead: 'user, process, container, host, registry, attacker, maintainer',
  },
  {
    pattern: /(?<!\b(?:there|here|where|it) )\b(?:is|are|was|were) no\b(?! longer\b)/i,
    instead: 'is not, invalid, missing, unknown, unsupported',
  },
  { pattern: /\b(?:is|are|was|were) none\b/i, instead: 'invalid, missing' },
  { pattern: /\bstands?\b(?!-in)|\bstood\b/i, instead: 'is, are' },
  { pattern: /\b(?:is|are|was|were|be) (?:said|told)\b/i, instead: 'reports, names' },
  { pattern: /\bsa(?:y|ys|id) no\b|answer is no\b/i, instead: 'fails, exits 1' },
  { pattern: /\breckon/i, instead: 'compute' },
  { pattern: /\bpapers\b/i, instead: 'credentials' },
  { pattern: /\bremembered\(/, instead: 'memoize' },
  {
    pattern: /\blower(?:s|ed|ing)\b|\blower[A-Z]\w*|\blower-\w+\.ts/,
    instead: 'render',
  },
  {
    pattern: /\b(?:takeBack|putDown|livingLock|anewOf|foundOf|takenOf|afterOf|inWords)\b/,
    instead: 'rollBack, createLockFile, findLiveLock, toUserError, formatDiagnostic',
  },
  {
    pattern: /\b(?:NoEvidence|REMARKS|repin|patience|patiently|inTime)\b|\bexit\.no\b/,
    instead: 'ReportMissingError, COMMENTS, update-pins, timeout, exit.failed',
  },
  {
    pattern: /(?:\b(?:const|let|readonly)|[({,[])\s*(?:how|what|said|such|looks)\s*\??\s*[:=,)}\]]/,
    instead: 'a noun that names the value',
    identifier: true,
  },
]

/** Where one of them is the term of another tool, or of the code that a test quotes. */
const allowed: readonly { readonly file: RegExp; readonly line: RegExp }[] = [
  { file: /^tests\/(?:testing\/)?vocabulary/, line: /./ },
  { file: /./, line: /zizmor.*findings?|findings?.*zizmor|No findings to report/i },
  // A user of Debian.
  { file: /unknown-user\.ts$/, line: /www-data/ },
  // Text and a variable of a shell script, which keeps its bytes.
  {
    file: /^packages\/erlang\/src\/(?:scripts\/health|image\.engine\.test)\.ts$/,
    line: /is no level|said:-/,
  },
]

const skipped = /^\.changeset\/|CHANGELOG\.md$|\/fixtures\/|\.gen\.ts$|^pnpm-lock|RULES\.md$/

export interface Use {
  readonly file: string
  readonly line: number
  readonly word: string
  readonly instead: string
  readonly text: string
}

/** Every use of a replaced word in tracked sources, tests, documents and examples. */
export function findUses(): readonly Use[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((file) => /\.(?:ts|mts|mjs|md|erl|sh|json)$|^\.ci\//.test(file) && !skipped.test(file))
  return files.flatMap((file) => usesIn(file, textOf(file)))
}

function textOf(file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch {
    // Deleted, and not committed yet.
    return ''
  }
}

function usesIn(file: string, text: string): readonly Use[] {
  return text.split('\n').flatMap((line, index) => {
    if (allowed.some((one) => one.file.test(file) && one.line.test(line))) return []
    return replaced.flatMap(({ pattern, instead, identifier }) => {
      const word = identifier && !file.endsWith('.ts') ? undefined : pattern.exec(line)?.[0].trim()
      return word === undefined ? [] : [{ file, line: index + 1, word, instead, text: line.trim() }]
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const prefix = process.argv[2] ?? ''
  for (const { file, line, word, instead, text } of findUses()) {
    if (file.startsWith(prefix)) {
      console.log(`${file}:${line}: ${word} → ${instead}\n    ${text.slice(0, 160)}`)
    }
  }
}
