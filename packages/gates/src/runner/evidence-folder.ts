import { createReadStream, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence, EvidenceFile } from '../evidence/report.ts'
import { folders } from '../paths.ts'
import { entriesAt, makeAccessible } from './tree.ts'

const outputFile = 'output.log'

/** Removes the evidence of an earlier run, also for a gate that will not start. */
export function resetFolder(folder: string): void {
  removeTree(folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, outputFile), '')
}

/** Removes a tree that a container created, whatever its modes. */
export function removeTree(folder: string): void {
  makeAccessible(folder)
  rmSync(folder, { recursive: true, force: true })
}

/** The evidence in the folder of a gate. Links are not followed. */
export function evidenceIn(folder: string): Evidence {
  const root = join(folder, 'evidence')
  const files = isFolder(root) ? [...entriesAt(root)].filter(({ stat }) => stat.isFile()) : []
  return {
    files: files.map(({ path, name }) => fileAt(path, name)),
    output: fileAt(Buffer.from(join(folder, outputFile)), outputFile),
    root: folders.workspace,
  }
}

function fileAt(path: Buffer, name: string): EvidenceFile {
  return { path: name, chunks: () => createReadStream(path) }
}

/** Whether the path is a folder, and not a link to one. */
export function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
