import { chmodSync, existsSync } from 'node:fs'
import { type Artifact, COMMENTS, type Document, isObject } from '@erlmcp/core'
import { FileBase, type IResolver, ObjectFile, type Project, YamlFile } from 'projen'

/** A file of a stack in a projen project. */
export type StackFile = ArtifactFile | ArtifactTree

interface Options {
  readonly committed: boolean
  readonly executable: boolean
  /** Its content at the synth; undefined if it is no longer generated. */
  readonly artifact: () => Artifact | undefined
}

// The header names erlmcp; projen finds its own files by its manifest.
const marker = false

/** A file that is text to projen, such as a Dockerfile or a script. */
export class ArtifactFile extends FileBase {
  readonly #artifact: Options['artifact']

  constructor(project: Project, path: string, { artifact, ...options }: Options) {
    super(project, path, { ...options, marker })
    this.#artifact = artifact
  }

  protected override synthesizeContent(): string | undefined {
    return this.#artifact()?.text
  }

  override synthesize(): void {
    super.synthesize()
    setMode(this, this.#artifact())
  }
}

/** A YAML file: rules also check the changes of projen's escape hatches. */
export class ArtifactTree extends YamlFile {
  readonly #artifact: Options['artifact']
  #data: unknown = {}

  constructor(project: Project, path: string, { artifact, ...options }: Options) {
    super(project, path, { ...options, marker, obj: () => this.#data })
    this.#artifact = artifact
  }

  /** The document with the overrides and patches of this file. */
  edit(document: Document): Document {
    this.#data = document.data
    const before = JSON.stringify(document.data)
    const json = rendered.call(this, plainResolver)
    const after: unknown = JSON.parse(json ?? '{}')
    if (JSON.stringify(after) === before) return document
    return { ...document, data: graft(document.data, after) }
  }

  protected override synthesizeContent(): string | undefined {
    return this.#artifact()?.text
  }

  override synthesize(): void {
    super.synthesize()
    setMode(this, this.#artifact())
  }
}

/** The object with the changes of projen, before it is printed as YAML. */
const { synthesizeContent: rendered } = ObjectFile.prototype as unknown as {
  synthesizeContent(this: ObjectFile, resolver: IResolver): string | undefined
}

/** projen makes files executable for their owner only; containers run as other users. */
function setMode({ absolutePath }: FileBase, artifact: Artifact | undefined): void {
  if (artifact && existsSync(absolutePath)) chmodSync(absolutePath, artifact.mode)
}

const plainResolver: IResolver = {
  resolve: (value: unknown) => {
    const data = typeof value === 'function' ? value() : value
    return JSON.parse(JSON.stringify(data))
  },
}

/** Unchanged values keep their lines and comments. */
function graft(before: unknown, after: unknown): unknown {
  if (typeof after !== 'object' || after === null) return after
  if (isSame(before, after)) return before
  if (Array.isArray(after)) {
    const old = Array.isArray(before) ? before : []
    return after.map((one, index) =>
      graft(old.find((each) => isSame(each, one)) ?? old[index], one),
    )
  }
  const old = isObject(before) ? before : {}
  const entries = Object.entries(after).map(([key, value]) => [key, graft(old[key], value)])
  return Object.assign(Object.fromEntries(entries), marksOf(old, after as Record<string, unknown>))
}

function marksOf(before: Record<string, unknown>, after: Record<string, unknown>): object {
  const marks = Object.getOwnPropertySymbols(before).map((symbol) => {
    const mark = Reflect.get(before, symbol)
    if (symbol !== COMMENTS || !isObject(mark)) return [symbol, mark]
    // A comment belongs to the value that it follows.
    const kept = Object.entries(mark).filter(([key]) => before[key] === after[key])
    return [symbol, Object.fromEntries(kept)]
  })
  return Object.fromEntries(marks)
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
