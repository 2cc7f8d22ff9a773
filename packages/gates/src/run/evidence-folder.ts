import { createReadStream, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { folders } from '../paths.ts'
import type { Evidence, EvidenceFile } from '../reading.ts'

const outputFile = 'output.log'

/** Takes away what an earlier run left: also a gate that never starts has no other evidence. */
export function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, outputFile), '')
}

/** What a gate left behind, in the folder that its run was given. Links are not followed. */
export function evidenceIn(folder: string): Evidence {
  const root = join(folder, 'evidence')
  return {
    files: filesBelow(root).map((path) => fileAt(path, relative(root, path))),
    output: fileAt(join(folder, outputFile), outputFile),
    root: folders.workspace,
  }
}

function fileAt(path: string, name: string): EvidenceFile {
  return { path: name.split(sep).join('/'), chunks: () => createReadStream(path) }
}

function filesBelow(folder: string): string[] {
  if (!isFolder(folder)) return []
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  } catch {
    // Nothing was left: that is for the readers to say.
    return []
  }
}

/** Whether it is a folder itself, and no link to one. */
export function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
