import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { GateValue } from '../gate.ts'

/**
 * What the result of a gate depends on, as a SHA-256: its command and the files (names, contents,
 * executable or not), the Dockerfile among them: the id of an image differs on every machine that
 * builds it. A result with another fingerprint proves nothing here.
 */
export function fingerprint(root: string, paths: readonly string[], gate: GateValue): string {
  const hash = createHash('sha256')
  const add = (...parts: readonly (string | Buffer)[]) => {
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}\n`).update(part)
  }
  add(gate.name, gate.spec.service, ...gate.spec.command)
  const visit = (path: string): void => {
    const full = join(root, path)
    const stat = lstatSync(full, { throwIfNoEntry: false })
    if (!stat) add('nothing', path)
    else if (stat.isSymbolicLink()) add('link', path, readlinkSync(full))
    else if (stat.isDirectory()) {
      add('folder', path)
      for (const name of readdirSync(full).sort()) visit(`${path}/${name}`)
    } else add(stat.mode & 0o100 ? 'program' : 'file', path, readFileSync(full))
  }
  for (const path of [...new Set(paths)].sort()) visit(path)
  return hash.digest('hex')
}
