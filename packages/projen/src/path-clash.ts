import { resolve } from 'node:path'
import {
  type Document,
  type HostedFolder,
  isRepositoryPath,
  locate,
  type Stack,
  type Synthesis,
  UserError,
} from '@erlmcp/core'
import type { Project } from 'projen'
import { makerOf } from './github.ts'
import type { StackComponent } from './options.ts'

/** A file of the project has the same path. */
export class PathClash extends UserError {
  constructor(project: Project, document: Document, { name }: Stack) {
    const { path } = document
    const isRelease = path === '.github/workflows/release.yml'
    super({
      message: `duplicate file ${path}: ${makerOf(project, path)} and the stack ${name} generate it`,
      hint: isRelease
        ? "Give that of the stack another path: releaseWorkflow(image, { path: '.github/workflows/release-image.yml', … }). Or leave out projen's with `release: false`."
        : 'Give one of them another path, or leave one out.',
      location: locate(document, []),
    })
  }
}

/** The known files of each stack. */
type Known = ReadonlyMap<StackComponent, { readonly documents: readonly Document[] }>

/**
 * Rejects two stacks with the same file, such as a workflow at the root of both.
 *
 * @throws UserError that names both, with the line of the second one
 */
export function refuseStackClashes(folders: readonly HostedFolder[], known: Known): void {
  const owners = new Map<string, string>()
  for (const { root, synthesis } of folders) {
    for (const [index, path] of pathsOf(root, synthesis).entries()) {
      const other = owners.get(path)
      if (other === undefined) owners.set(path, root)
      else throw stackClash(synthesis.artifacts[index]!.path, [other, root], known)
    }
  }
}

function stackClash(path: string, roots: readonly string[], known: Known): UserError {
  const makers = roots.map((root) => {
    const all = [...known].filter(([{ project }]) => project.outdir === root)
    const makes = all.find(([, { documents }]) => documents.some((one) => one.path === path))
    return makes ?? all[0]!
  })
  const [first, second] = makers.map(([{ stack, project }]) => `${stack.name} (${project.name})`)
  const [{ stack }, { documents }] = makers[1]!
  const document = documents.find((one) => one.path === path)
  return new UserError({
    message: `duplicate file ${path}: the stacks ${first} and ${second} generate it`,
    hint: `Keep one, or give that of ${stack.name} another path: { path: '${path.replace(/(\.[^./]*)?$/, `-${stack.name}$1`)}' }.`,
    location: document && locate(document, []),
  })
}

/** The absolute paths of the artifacts of a folder, in their order. */
export function pathsOf(root: string, { artifacts, repository }: Synthesis): string[] {
  const top = resolve(root, repository)
  return artifacts.map(({ path }) => resolve(isRepositoryPath(path) ? top : root, path))
}
