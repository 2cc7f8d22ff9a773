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

/** A file that the project makes itself wants the same path. */
export class PathClash extends UserError {
  constructor(project: Project, document: Document, { name }: Stack) {
    const { path } = document
    const isRelease = path === '.github/workflows/release.yml'
    super({
      message: `${path} is made by ${makerOf(project, path)} and by the stack ${name}`,
      hint: isRelease
        ? "Give that of the stack another path: releaseWorkflow(image, { path: '.github/workflows/release-image.yml', … }). Or leave out projen's with `release: false`."
        : 'Give one of them another path, or leave one out.',
      location: locate(document, []),
    })
  }
}

/** What is known of each stack: the files that it makes. */
type Known = ReadonlyMap<StackComponent, { readonly documents: readonly Document[] }>

/**
 * Stacks of two projects may want one path, such as that of a workflow at the root of both.
 *
 * @throws UserError that names both, and says where the second one makes the file
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
    message: `${path} is made by the stack ${first} and by the stack ${second}`,
    hint: `Keep one, or give that of ${stack.name} another path: { path: '${path.replace(/(\.[^./]*)?$/, `-${stack.name}$1`)}' }.`,
    location: document && locate(document, []),
  })
}

/** The absolute paths of what a folder's stacks make, in the order of its artifacts. */
export function pathsOf(root: string, { artifacts, repository }: Synthesis): string[] {
  const top = resolve(root, repository)
  return artifacts.map(({ path }) => resolve(isRepositoryPath(path) ? top : root, path))
}
