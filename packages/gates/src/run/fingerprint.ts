import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { GateValue } from '../gate.ts'
import { contentOf, type Entry, entriesAt } from './tree.ts'

/** Paths of a project and the SHA-256 of what is there: contents, executable or not, links. */
export type Snapshot = ReadonlyMap<string, string>

/** What is at these paths of a project, and below them. */
export function snapshot(root: string, paths: readonly string[]): Snapshot {
  const found = new Map<string, string>()
  for (const path of [...new Set(paths)].sort()) {
    found.set(path, 'nothing')
    for (const entry of entriesAt(join(root, path), path)) found.set(entry.name, hashOf(entry))
  }
  return found
}

function hashOf({ path, stat }: Entry): string {
  if (stat.isDirectory()) return 'folder'
  if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`
  // Nothing is read from a pipe, which may never end.
  if (!stat.isFile()) return 'special'
  const hash = createHash('sha256')
  for (const piece of contentOf(path)) hash.update(piece)
  return `${stat.mode & 0o100 ? 'program' : 'file'} ${hash.digest('hex')}`
}

/** The paths at which two snapshots differ. */
export function changesIn(before: Snapshot, after: Snapshot): string[] {
  const paths = new Set([...before.keys(), ...after.keys()])
  return [...paths].filter((path) => before.get(path) !== after.get(path)).sort()
}

/**
 * What the result of a gate depends on, as a SHA-256: its command and the files, the Dockerfile
 * among them: the id of an image differs on every machine that builds it. A result with another
 * fingerprint proves nothing here.
 */
export function fingerprint(seen: Snapshot, gate: GateValue): string {
  const hash = createHash('sha256')
  const add = (...parts: readonly string[]) => {
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}\n`).update(part)
  }
  add(gate.name, gate.spec.service, ...gate.spec.command)
  for (const [path, content] of seen) add(path, content)
  return hash.digest('hex')
}
