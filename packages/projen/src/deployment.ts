import { existsSync, realpathSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type Artifact,
  type Document,
  type Host,
  type HostedFolder,
  type HostWriteOptions,
  isRepositoryPath,
  manifestPath,
  type Plan,
  pathBetween,
  plan,
  registerHost,
  type Synthesis,
  shellWord,
  stateFolder,
  stateIgnore,
  synthesize,
  targetsOf,
} from '@erlmcp/core'
import { Component, type FileBase, type Project } from 'projen'
import { ArtifactFile, ArtifactTree, type StackFile } from './artifact-file.ts'
import { listWorkflows } from './github.ts'
import type { StackComponent } from './options.ts'
import { otherFiles } from './other-files.ts'
import { PathClash, pathsOf, refuseStackClashes } from './path-clash.ts'
import { refuseErrors, refuseForeign, warn } from './report.ts'
import type { Tasked } from './tasks.ts'
import { projenrcOf, toolchainOf } from './toolchain.ts'

const id = 'erlmcp'

/**
 * All stacks of a tree of projects: one synthesis and one manifest for each folder, used by `npx projen`
 * and by `erlmcp`. Each root project has one.
 */
export class Deployment extends Component implements Host {
  readonly #stacks: StackComponent[] = []
  /** By absolute path. */
  readonly #files = new Map<string, StackFile>()
  readonly #manifests = new Map<string, readonly ArtifactFile[]>()
  /** The files of each stack that are known before the synth. */
  readonly #known = new Map<StackComponent, Pick<Tasked, 'documents' | 'hasSecrets'>>()
  #folders: readonly HostedFolder[] | undefined
  #plans: readonly Plan[] = []
  #writeOptions: HostWriteOptions = { force: false, acknowledge: false }

  /** The deployment of a project's root, created if it is missing. */
  static of(project: Project): Deployment {
    return Deployment.find(project) ?? new Deployment(project.root)
  }

  static find({ root }: Project): Deployment | undefined {
    const known = root.node.tryFindChild(id)
    return known instanceof Deployment ? known : undefined
  }

  private constructor(root: Project) {
    super(root, id)
    // erlmcp runs the file of the project to see what it would write.
    if (registerHost(this)) Object.defineProperty(root, 'synth', { value() {}, configurable: true })
  }

  get command(): string {
    return this.project.projenCommand
  }

  /** Every stack of a project, in the order of creation. */
  stacksOf(project: Project): readonly StackComponent[] {
    return this.#stacks.filter((one) => one.project === project)
  }

  register(stack: StackComponent): void {
    this.#stacks.push(stack)
    this.#manifest(stack.project)
  }

  /**
   * Adds the files of the sources to the project. A source that needs a file of a later one is resolved
   * at the synth.
   */
  declare(owner: StackComponent): void {
    this.#folders = undefined
    const documents: Document[] = []
    const context = this.#contextOf(owner)
    let hasSecrets = false
    for (const source of owner.stack.sources) {
      try {
        documents.push(...source.documents(context))
        hasSecrets ||= [...(source.secrets?.(context) ?? [])].length > 0
      } catch {
        // Errors are reported at the synth, when every file of the project is known.
      }
    }
    for (const document of documents) this.#file(owner.project, document)
    this.#known.set(owner, { documents, hasSecrets })
    listWorkflows(this.project, this.#trees())
  }

  /** The features of a stack that have tasks. */
  taskedOf(owner: StackComponent): Tasked {
    const { project, stack } = owner
    const isOne = this.stacksOf(project).length === 1
    const file = pathBetween(project.outdir, resolve(this.project.outdir, projenrcOf(project)))
    const operand = isOne ? '' : shellWord(`${file}#${stack.name}`)
    return { stack, operand, ...this.#known.get(owner)! }
  }

  /** The synthesis of the stacks of a project. */
  synthesisOf(project: Project): Synthesis {
    return this.folders().find(({ root }) => root === project.outdir)!.synthesis
  }

  folders(): readonly HostedFolder[] {
    this.#folders ??= this.#evaluate()
    return this.#folders
  }

  write(options: HostWriteOptions): void {
    this.#writeOptions = options
    Reflect.deleteProperty(this.project, 'synth')
    this.project.synth()
  }

  override preSynthesize(): void {
    for (const stack of this.#stacks) {
      this.declare(stack)
      stack.addTasks()
    }
    this.#folders = this.#evaluate()
    refuseErrors(this.#folders)
    const { acknowledge } = this.#writeOptions
    this.#plans = targetsOf(this.folders()).map(({ root, artifacts, ...options }) =>
      plan(root, artifacts, { ...options, acknowledge }),
    )
    if (!this.#writeOptions.force) refuseForeign(this.#plans)
    const workflows = this.#trees()
      .filter(({ path }) => isRepositoryPath(path))
      .map(({ path, absolutePath }) => ({ path, text: this.#artifactAt(absolutePath)?.text ?? '' }))
    warn(this.project, { folders: this.folders(), plans: this.#plans, workflows })
  }

  /** Removes files that are no longer generated, even if projen has lost its own list. */
  override synthesize(): void {
    for (const { root, steps } of this.#plans) {
      for (const { path, action } of steps) {
        if (action === 'remove') rmSync(join(root, path), { force: true })
      }
    }
  }

  #evaluate(): readonly HostedFolder[] {
    const projects = new Set([this.project, ...this.#stacks.map(({ project }) => project)])
    const folders = [...projects].map((project) => this.#folder(project))
    refuseStackClashes(folders, this.#known)
    const made = new Set(folders.flatMap(({ root, synthesis }) => pathsOf(root, synthesis)))
    for (const [path, file] of this.#files) {
      if (made.has(path)) continue
      file.node.scope?.node.tryRemoveChild(file.node.id)
      this.#files.delete(path)
    }
    listWorkflows(this.project, this.#trees())
    return folders
  }

  #folder(project: Project): HostedFolder {
    const stacks = this.stacksOf(project)
    const synthesis = synthesize(
      stacks.map(({ stack }) => stack),
      {
        root: project.outdir,
        source: this.#sourceFor(project),
        command: this.command,
        header: !this.project.ejected,
        repository: this.project.outdir,
        files: this.#otherFiles(project),
        project: (stack) => this.#toolchainOf(stacks.find((one) => one.stack === stack)!),
        edit: (document) => {
          const file = this.#file(project, document)
          return file instanceof ArtifactTree ? file.edit(document) : document
        },
      },
    )
    const artifacts = synthesis.artifacts.map((one) => this.#asWritten(one))
    return {
      root: project.outdir,
      source: this.#sourceFor(project),
      stacks: stacks.map(({ stack }) => stack),
      synthesis: { ...synthesis, artifacts },
    }
  }

  /** projen's files are read-only, to prevent accidental edits. */
  #asWritten(artifact: Artifact): Artifact {
    return this.project.ejected ? artifact : { ...artifact, mode: artifact.mode & 0o555 }
  }

  #file(project: Project, { path, mode = 0o644, format, data }: Document): StackFile {
    const scope = isRepositoryPath(path) ? this.project : project
    const absolute = resolve(scope.outdir, path)
    const known = this.#files.get(absolute)
    if (known) return known
    if (this.project.tryFindFile(absolute)) {
      throw new PathClash(scope, { path, format, data }, this.stacksOf(project)[0]!.stack)
    }
    const options = {
      committed: isRepositoryPath(path) || this.#isCommitted(project),
      executable: (mode & 0o111) !== 0,
      artifact: () => this.#artifactAt(absolute),
    }
    const isTree = /\.ya?ml$/.test(path) && typeof data === 'object' && format.name !== 'text'
    const file = isTree
      ? new ArtifactTree(scope, path, options)
      : new ArtifactFile(scope, path, options)
    this.#files.set(absolute, file)
    return file
  }

  #artifactAt(absolute: string): Artifact | undefined {
    for (const { root, synthesis } of this.folders()) {
      const index = pathsOf(root, synthesis).indexOf(absolute)
      if (index >= 0) return synthesis.artifacts[index]
    }
    return undefined
  }

  /** The manifest of a folder and its .gitignore are files of projen, too. */
  #manifest(project: Project): void {
    for (const one of new Set([this.project, project])) {
      if (this.#manifests.has(one.outdir)) continue
      one.addPackageIgnore(`/${stateFolder}/`)
      const committed = this.#isCommitted(project)
      if (!committed) one.addGitIgnore(`/${stateFolder}/`)
      const artifact = () => this.#manifestOf(one.outdir)
      const ignore = () => artifact() && { ...artifact()!, text: stateIgnore }
      const options = { committed, executable: false }
      this.#manifests.set(one.outdir, [
        new ArtifactFile(one, manifestPath, { ...options, artifact }),
        new ArtifactFile(one, `${stateFolder}/.gitignore`, { ...options, artifact: ignore }),
      ])
    }
  }

  #manifestOf(folder: string): Artifact | undefined {
    const root = existsSync(folder) ? realpathSync(folder) : folder
    const found = this.#plans.find((one) => one.root === root)
    if (!found?.manifest.after.includes('"sha256"')) return undefined
    const mode = this.project.ejected ? 0o644 : 0o444
    return { path: manifestPath, text: found.manifest.after, mode, sha256: '' }
  }

  #trees(): readonly ArtifactTree[] {
    return [...this.#files.values()].filter((file) => file instanceof ArtifactTree)
  }

  #contextOf(owner: StackComponent) {
    const { project, stack } = owner
    const folder = pathBetween(this.project.outdir, project.outdir)
    const files = this.#otherFiles(project)
    return {
      stack: stack.name,
      read: (path: string) => files.read(path),
      project: { folder, ...this.#toolchainOf(owner) },
    }
  }

  #toolchainOf({ project, stack }: StackComponent) {
    const isOne = this.#stacks.length === 1
    return toolchainOf(project, { stack, isOne, isCommitted: this.#isCommitted(project) })
  }

  #otherFiles(project: Project) {
    const own = new Set<FileBase>([
      ...this.#files.values(),
      ...[...this.#manifests.values()].flat(),
    ])
    return otherFiles(project, (file) => own.has(file))
  }

  #isCommitted(project: Project): boolean {
    const printed = this.stacksOf(project).map(({ options }) => options.committed)
    return printed.find((one) => one !== undefined) ?? project.commitGenerated
  }

  #sourceFor(project: Project): string {
    const printed = this.#stacks.map(({ options }) => options.source)
    const source = printed.find((one) => one !== undefined) ?? projenrcOf(this.project)
    return pathBetween(project.outdir, resolve(this.project.outdir, source))
  }
}
