import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The repository's root, and the archive of public files beside it. */
export const root = resolve(import.meta.dirname, '../..')
const archive = join(root, '../shared/corpus/corpus.tar.gz')

/** Whether there is a corpus beside the repository. */
export const hasCorpus = existsSync(archive)

/** One file of the corpus, and what the reference tools said to it. */
export interface Label {
  readonly path: string
  readonly role: 'target' | 'dep'
  readonly tools?: Readonly<Record<string, { readonly exit?: number; readonly ok?: boolean }>>
}

export interface Corpus {
  readonly folder: string
  readonly labels: readonly Label[]
  /** Removes the unpacked files. */
  close(): void
}

/** Unpacks one kind of files into a new folder. */
export function openCorpus(kind: 'compose' | 'dockerfile' | 'workflow'): Corpus {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-corpus-'))
  execFileSync('tar', ['xzf', archive, '-C', folder, `${kind}/public`])
  const lines = readFileSync(join(folder, kind, 'public/labels.jsonl'), 'utf8')
    .trim()
    .split('\n')
  return {
    folder,
    labels: lines.map((line) => JSON.parse(line) as Label),
    close: () => rmSync(folder, { recursive: true }),
  }
}
