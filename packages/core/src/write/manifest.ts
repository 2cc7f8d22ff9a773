import { resolve } from 'node:path'
import { foldPath, isProjectPath } from '../document/artifact.ts'
import { isGone, readText } from '../file/disk.ts'
import { isObject } from '../schema/matches.ts'
import { UserError } from '../user-error.ts'
import { type State, stateItem, stateOf, stateText } from './state.ts'

/** The folder of the writer's own files. */
export const stateFolder = '.erlmcp'

/** The hashes of the generated files. Commit it with them. */
export const manifestPath = `${stateFolder}/manifest.json`

/** One generated file, as it was written. */
export interface Entry {
  readonly sha256: string
  readonly mode: number
}

/** The generated files by source, such as `stack.ts`. */
export type Manifest = ReadonlyMap<string, ReadonlyMap<string, Entry>>

/** Per source, what a machine may keep of it, until a user acknowledges it. */
export type States = ReadonlyMap<string, State>

/**
 * The manifest of a project; empty when it has none.
 *
 * @param source the file of the stack, which must not be among the generated files
 * @throws UserError when it is damaged, such as after a merge with conflicts
 */
export function readManifest(root: string, source: string): Manifest {
  const text = readText(root, manifestPath)
  return text === undefined ? new Map() : parseManifest(text, source)
}

export function parseManifest(text: string, source = 'stack.ts'): Manifest {
  const reject = (why: string): never => {
    throw new UserError({
      message: `${manifestPath} cannot be read: ${why}`,
      hint: 'Restore it from version control. Or delete it and run `erlmcp synth`: it adopts files with the generated content, and overwrites others only with --force.',
    })
  }
  const merging = /^<{7} /m.test(text)
  const data = asObject(parseJson(text))
  if (!data) return reject(merging ? 'it has merge conflict markers' : 'it is not JSON')
  const { version, sources } = data
  if (typeof version === 'number' && version > 1) throw newer(version)
  if (version !== 1) reject(`expected version 1, got ${JSON.stringify(version)}`)
  const manifest = new Map<string, Map<string, Entry>>()
  const listed = asObject(sources) ?? reject('sources are missing')
  const stacks = new Set([...Object.keys(listed), source].map(foldPath))
  for (const [source, files] of Object.entries(listed)) {
    const entries = new Map<string, Entry>()
    const created = asObject(files) ?? reject(`the list of ${source} is damaged`)
    for (const [path, entry] of Object.entries(created)) {
      const { sha256, mode } = (entry ?? {}) as { sha256?: unknown; mode?: unknown }
      const right = /^[0-9a-f]{64}$/.test(String(sha256)) && /^0[0-7]{3}$/.test(String(mode))
      // It decides what is removed, and may come from an untrusted repository.
      if (!right || !isProjectPath(path)) reject(`the entry of ${path} is damaged`)
      if (stacks.has(foldPath(path))) reject(`it lists the stack ${path} as a generated file`)
      entries.set(path, { sha256: String(sha256), mode: Number.parseInt(String(mode), 8) })
    }
    manifest.set(source, entries)
  }
  return manifest
}

function newer(version: number): UserError {
  return new UserError({
    message: `${manifestPath} was written by a newer erlmcp: expected version 1, got ${version}`,
    hint: 'Update the @erlmcp packages of this project: npm i -D @erlmcp/cli@latest @erlmcp/core@latest',
    kind: 'environment',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) ? value : undefined
}

/** The states of all sources, read from the text of a manifest. */
export function readStates(text: string | undefined): States {
  const listed = text === undefined ? undefined : asObject(asObject(parseJson(text))?.state)
  return new Map(
    Object.entries(listed ?? {}).map(([source, items]) => {
      const found = Object.entries(asObject(items) ?? {}).flatMap(
        ([key, role]) => stateItem(key, String(role)) ?? [],
      )
      return [source, stateOf(found)]
    }),
  )
}

/** The text of a manifest: sorted, one file a line, so that merges stay small. */
export function printManifest(manifest: Manifest, states: States = new Map()): string {
  const sources = sorted(manifest)
    .filter(([, files]) => files.size > 0)
    .map(([source, files]) => {
      const lines = sorted(files).map(
        ([path, { sha256, mode }]) =>
          `      ${JSON.stringify(path)}: { "sha256": "${sha256}", "mode": "${octal(mode)}" }`,
      )
      return `    ${JSON.stringify(source)}: {\n${lines.join(',\n')}\n    }`
    })
  const kept = sorted(states)
    .filter(([, items]) => items.size > 0)
    .map(([source, items]) => {
      const lines = sorted(items).map(
        ([key, item]) => `      ${JSON.stringify(key)}: ${JSON.stringify(stateText(item))}`,
      )
      return `    ${JSON.stringify(source)}: {\n${lines.join(',\n')}\n    }`
    })
  const state = kept.length === 0 ? '' : `,\n  "state": {\n${kept.join(',\n')}\n  }`
  return `{\n  "version": 1,\n  "sources": {\n${sources.join(',\n')}\n  }${state}\n}\n`
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

export function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`
}

/**
 * The files of the given source and those of other sources. A source that no longer exists was
 * renamed, so its files belong to the given one.
 */
export function ownedBy(
  manifest: Manifest,
  source: string,
  root: string,
): { readonly own: ReadonlyMap<string, Entry>; readonly others: Manifest } {
  const own = new Map<string, Entry>()
  const others = new Map<string, ReadonlyMap<string, Entry>>()
  for (const [name, files] of manifest) {
    if (name !== source && !isGone(resolve(root, name))) others.set(name, files)
    else for (const [path, entry] of files) own.set(path, entry)
  }
  return { own, others }
}
