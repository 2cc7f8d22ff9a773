import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Artifact } from '../document/artifact.ts'

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp core é-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Every file with its mode and content, and every folder, but what the writer keeps for itself. */
export function treeOf(root: string): Record<string, string> {
  const tree: Record<string, string> = {}
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.split('/')[0] === '.erlmcp') continue
    const stat = lstatSync(join(root, name))
    const mode = (stat.mode & 0o777).toString(8)
    tree[name] = stat.isFile() ? `${mode} ${readFileSync(join(root, name), 'utf8')}` : 'folder'
  }
  return tree
}

/** The tree that the artifacts alone make. */
export function treeOfArtifacts(artifacts: readonly Artifact[]): Record<string, string> {
  const tree: Record<string, string> = {}
  for (const { path, text, mode } of artifacts) {
    const parts = path.split('/')
    parts.slice(0, -1).forEach((_, index) => {
      tree[parts.slice(0, index + 1).join('/')] = 'folder'
    })
    tree[path] = `${mode.toString(8)} ${text}`
  }
  return Object.fromEntries(Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1)))
}
