import { createReadStream, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence, EvidenceFile } from '../evidence/report.ts'
import { folders } from '../paths.ts'
import { entriesAt, openUp } from './tree.ts'

const outputFile = 'output.log'

/** Takes away what an earlier run left: also a gate that never starts has no other evidence. */
export function emptyFolder(folder: string): void {
  removeTree(folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, outputFile), '')
}

/** Removes a tree that a container made, with modes of its own. */
export function removeTree(folder: string): void {
  openUp(folder)
  rmSync(folder, { recursive: true, force: true })
}

/** What a gate left behind, in the folder that its run was given. Links are not followed. */
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

/** Whether it is a folder itself, and no link to one. */
export function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
