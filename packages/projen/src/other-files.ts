import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type OtherFiles, readRegularFile } from '@erlmcp/core'
import { FileBase, type IResolver, type Project, SampleDir, SampleFile } from 'projen'

/** The files of the components of a project by absolute path, with their content if it is known. */
type Written = ReadonlyMap<string, (() => string | undefined) | undefined>

/**
 * The files that a tree of projects generates itself, for the context of a stack: some are not on the
 * disk yet, and those that projen is about to remove are excluded.
 *
 * @param isOwn whether a stack generates the file
 */
export function otherFiles(project: Project, isOwn: (file: FileBase) => boolean): OtherFiles {
  const written = writtenBy(project.root, isOwn)
  const removed = removedFrom(project, written)
  const absolute = (path: string) => resolve(project.outdir, path)
  return {
    stat(path) {
      const file = absolute(path)
      if (written.has(file)) return 'file'
      if ([...written.keys()].some((one) => one.startsWith(`${file}/`))) return 'directory'
      return removed.has(file) ? 'none' : undefined
    },
    read: (path) => written.get(absolute(path))?.(),
  }
}

function writtenBy(root: Project, isOwn: (file: FileBase) => boolean): Written {
  const all = new Map<string, (() => string | undefined) | undefined>()
  for (const one of root.node.findAll()) {
    if (one instanceof FileBase && !isOwn(one)) all.set(one.absolutePath, () => contentOf(one))
    else if (one instanceof SampleFile || one instanceof SampleDir) {
      // An existing sample is not overwritten.
      for (const [path, content] of samplesOf(one)) {
        if (!existsSync(path)) all.set(path, content)
      }
    }
  }
  return all
}

const resolver: IResolver = {
  resolve: (value: unknown) => (typeof value === 'function' ? value() : value),
}

function contentOf(file: FileBase): string | undefined {
  // projen has no public API for the content of a file; an error here is one of its own synth, too.
  const { synthesizeContent } = file as unknown as {
    synthesizeContent(resolver: IResolver): string | undefined
  }
  return synthesizeContent.call(file, resolver)
}

/** Private members of projen's samples. */
interface Sample {
  readonly project: Project
  readonly filePath?: string
  readonly dir?: string
  readonly options: {
    readonly contents?: string
    readonly files?: Readonly<Record<string, string>>
  }
}

function samplesOf(sample: unknown): [string, (() => string) | undefined][] {
  const { project, filePath, dir, options } = sample as Sample
  if (filePath !== undefined) {
    const { contents } = options
    return [
      [resolve(project.outdir, filePath), contents === undefined ? undefined : () => contents],
    ]
  }
  return Object.entries(options.files ?? {}).map(([name, text]) => [
    resolve(project.outdir, dir ?? '.', name),
    () => text,
  ])
}

/** Files of the previous synth that are no longer generated: projen removes them before it writes. */
function removedFrom({ outdir, root }: Project, written: Written): ReadonlySet<string> {
  const folders = [outdir, root.outdir]
  const before = folders.flatMap((folder) =>
    filesOfProjen(folder).map((path) => join(folder, path)),
  )
  return new Set(before.filter((file) => !written.has(file)))
}

/** The files that projen wrote into a folder in the previous synth, by its own list. */
export function filesOfProjen(folder: string): readonly string[] {
  try {
    const { files } = JSON.parse(readRegularFile(join(folder, '.projen', 'files.json')) ?? '{}')
    return Array.isArray(files) ? files.filter((one) => typeof one === 'string') : []
  } catch {
    // Without a valid list projen itself falls back to its markers.
    return []
  }
}
