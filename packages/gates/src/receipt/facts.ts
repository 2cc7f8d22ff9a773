import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { gitOutput, runGit } from '@erlmcp/core'
import type { GitFacts, Hashed, ImageFacts, MachineFacts } from './receipt.ts'

/** The hash of content that comes in pieces. */
export async function hashOf(
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

/** The commit of the folder's repository, and how the files below the folder differ from it. */
export function gitFacts(root: string): GitFacts {
  const commit = gitOutput(root, 'rev-parse', '--verify', '--quiet', 'HEAD') ?? null
  const status = ['status', '--porcelain', '-z', '--untracked-files=all', '--', '.']
  if (!gitOutput(root, ...status)) return { commit, dirty: false, difference: null }
  const hash = createHash('sha256')
  const diff = ['diff', '--binary', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames']
  if (commit !== null) hash.update(bytesOf(root, [...diff, 'HEAD', '--', '.']))
  const unknown = gitOutput(root, 'ls-files', '-z', '--others', '--exclude-standard') ?? ''
  for (const path of unknown.split('\0').filter(Boolean).sort()) {
    const content = contentOf(join(root, path))
    // The lengths keep one file's end from being read as the next one's name.
    hash.update(`${Buffer.byteLength(path)} ${path} ${content.length} `).update(content)
  }
  return { commit, dirty: true, difference: hash.digest('hex') }
}

/** Files below a folder that differ from its commit or are unknown to git; none where there is no git. */
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
 * The digest of an image from what `docker image inspect` says of it: that of the registry where
 * it has one, and else its id.
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

export function machineFacts(): MachineFacts {
  return {
    name: hostname(),
    os: process.platform,
    arch: process.arch,
    cpus: availableParallelism(),
  }
}
