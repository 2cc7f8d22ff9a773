import { createReadStream, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { folders } from '../paths.ts'
import type { Evidence, EvidenceFile } from '../reading.ts'

/** What a gate left behind, in the folder that its run was given. Links are not followed. */
export function evidenceIn(folder: string): Evidence {
  const root = join(folder, 'evidence')
  return {
    files: filesBelow(root).map((path) => fileAt(path, relative(root, path))),
    output: fileAt(join(folder, 'output.log'), 'output.log'),
    root: folders.workspace,
  }
}

function fileAt(path: string, name: string): EvidenceFile {
  return { path: name.split(sep).join('/'), chunks: () => createReadStream(path) }
}

function filesBelow(folder: string): string[] {
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
