import { createHash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { GateValue } from '../gate.ts'
import { contentOf, type Entry, entriesAt } from './tree.ts'

/** Paths of a project, with type, execute bit and SHA-256 of each. */
export type Snapshot = ReadonlyMap<string, string>

/** A snapshot of these paths of a project and all paths below them. */
export function snapshot(root: string, paths: readonly string[]): Snapshot {
  const found = new Map<string, string>()
  for (const path of [...new Set(paths)].sort()) {
    found.set(path, 'missing')
    for (const entry of entriesAt(join(root, path), path)) found.set(entry.name, hashOf(entry))
  }
  return found
}

function hashOf({ path, stat }: Entry): string {
  if (stat.isDirectory()) return 'folder'
  if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`
  // Reading a pipe may never end.
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
 * SHA-256 of what the result of a gate depends on: its command and its files, with the Dockerfile in
 * place of the image id, which differs between machines.
 */
export function fingerprint(files: Snapshot, gate: GateValue): string {
  const hash = createHash('sha256')
  const add = (...parts: readonly string[]) => {
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}\n`).update(part)
  }
  add(gate.name, gate.spec.service, ...gate.spec.command)
  for (const [path, content] of files) add(path, content)
  return hash.digest('hex')
}
