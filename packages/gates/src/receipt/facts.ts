import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { gitOutput, runGit } from '@erlmcp/core'
import type { GitFacts, Hashed, ImageFacts, MachineFacts } from './receipt.ts'

/** Hashes content that arrives in chunks. */
export async function hashChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Hashed> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** The commit of a folder, and the hash of the changes below the folder. */
export function gitFacts(root: string): GitFacts {
  const commit = gitOutput(root, 'rev-parse', '--verify', '--quiet', 'HEAD') ?? null
  const status = ['status', '--porcelain', '-z', '--untracked-files=all', '--', '.']
  if (!gitOutput(root, ...status)) return { commit, dirty: false, difference: null }
  const hash = createHash('sha256')
  const diff = ['diff', '--binary', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames']
  if (commit !== null) hash.update(bytesOf(root, [...diff, 'HEAD', '--', '.']))
  const untracked = gitOutput(root, 'ls-files', '-z', '--others', '--exclude-standard') ?? ''
  for (const path of untracked.split('\0').filter(Boolean).sort()) {
    const content = contentOf(join(root, path))
    // With the lengths, the end of one file cannot pass for the name of the next.
    hash.update(`${Buffer.byteLength(path)} ${path} ${content.length} `).update(content)
  }
  return { commit, dirty: true, difference: hash.digest('hex') }
}

/** The changed and untracked files below a folder. Empty without git. */
export function dirtyFiles(root: string): string[] {
  const names = ['diff', '--name-only', '-z', '--no-renames', '--relative', 'HEAD']
  const listed = [names, ['ls-files', '-z', '--others', '--exclude-standard']].map(
    (words) => gitOutput(root, ...words, '--', '.') ?? '',
  )
  return [...new Set(listed.flatMap((text) => text.split('\0')).filter(Boolean))].sort()
}

function contentOf(path: string): Buffer {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink()) return Buffer.from(readlinkSync(path))
  return stat?.isFile() ? readFileSync(path) : Buffer.alloc(0)
}

function bytesOf(folder: string, argv: readonly string[]): Uint8Array {
  const result = runGit(folder, argv)
  return result?.isOk ? result.stdout : new Uint8Array()
}

/**
 * The digest of an image in the output of `docker image inspect`: that of a registry, or else its id.
 */
export function imageFacts(
  reference: string,
  inspected: { readonly Id: string; readonly RepoDigests?: readonly string[] | null },
): ImageFacts {
  const digest = inspected.RepoDigests?.[0]?.split('@')[1]
  return digest === undefined
    ? { reference, kind: 'image-id', digest: inspected.Id }
    : { reference, kind: 'repo-digest', digest }
}

/** The machine that this process runs on. */
export function machineFacts(): MachineFacts {
  return {
    name: hostname(),
    os: process.platform,
    arch: process.arch,
    cpus: availableParallelism(),
  }
}
