import { type Document, locate, type Stack, UserError } from '@erlmcp/core'
import type { Project } from 'projen'
import { makerOf } from './github.ts'

/** A file that the project makes itself wants the same path. */
export class PathClash extends UserError {
  constructor(project: Project, document: Document, { name }: Stack) {
    const { path } = document
    const isRelease = path === '.github/workflows/release.yml'
    super({
      what: `${path} is made by ${makerOf(project, path)} and by the stack ${name}`,
      help: isRelease
        ? "Give that of the stack another path: releaseWorkflow(image, { path: '.github/workflows/release-image.yml', … }). Or leave out projen's with `release: false`."
        : 'Give one of them another path, or leave one out.',
      location: locate(document, []),
    })
  }
}
