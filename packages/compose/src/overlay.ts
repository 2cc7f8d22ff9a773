import {
  type Document,
  findSuggestion,
  locate,
  ORIGIN,
  type Origin,
  originOf,
  type Path,
  type Source,
  type StackContext,
  UserError,
} from '@erlmcp/core'
import { besides, definitions, withoutCycles } from './compose.ts'
import { type ComposeFile, DIALECT, EFFECTIVE, type Service } from './document.ts'
import { extendedServices } from './merge/extends.ts'
import { fitToBase } from './merge/fit-to-base.ts'
import { mergeFiles } from './merge/merge.ts'
import type { PatchValue } from './merge/patch.ts'
import { type Base, readBase } from './merge/read-base.ts'
import { overlayFormat } from './print.ts'
import { findReferencedServices, type ReferencedServices } from './render/referenced-services.ts'
import { RenderContext } from './render/render-context.ts'
import { secretFiles, secretFolders } from './render/secret-files.ts'
import { type RenderTarget, renderPatch, renderService } from './render/service.ts'
import { validateComposeOptions } from './render/validate-file-options.ts'
import type { ServiceValue } from './schema/author.gen.ts'

export interface OverlayOptions {
  /** An extension: any data under a key that begins with `x-`. */
  readonly [extension: `x-${string}`]: unknown
}

/**
 * An override file, which Compose merges into a base: `compose.override.yaml` beside `compose.yaml`, or
 * `-f compose.yaml -f dev.yaml`. It has the keys that you write and nothing else: no name, no
 * defaults. A service that the base does not have is complete, with its defaults. Rules read the merged
 * files, and report what the base alone does not have.
 *
 * Relative paths, `.env` and secrets are relative to the base. A base may be an overlay. A swarm stack
 * has no overlays, since `docker stack deploy` merges files in another way: write a second `swarm(…)`
 * of overridden services.
 *
 * @param path relative to the project
 * @param base the value of `compose(…)` or `overlay(…)`, or the path of an existing compose file
 * @throws UserError for a patch of a service that the base does not have, for a complete service that it
 * has, and for an invalid base
 * @see https://github.com/compose-spec/compose-spec/blob/main/13-merge.md
 * @example
 * const base = compose('compose.yaml', [app])
 * const dev = overlay('compose.override.yaml', base, [
 *   patch(app, { command: ['sleep', 'infinity'], ports: replace([publish(9000, 80)]) }),
 *   service('mail', { image: 'axllent/mailpit:v1.27' }),
 * ])
 * export default stack('shop', [base, dev])
 */
export function overlay(
  path: string,
  base: Source | string,
  services: readonly (PatchValue | ServiceValue)[],
  options: OverlayOptions = {},
): Source {
  const origin = originOf(overlay)
  const given: unknown = base
  if (typeof given !== 'string' && typeof (given as Source | null)?.documents !== 'function') {
    throw new UserError({
      message: `the overlay ${path}: expected a base, got ${given === null ? 'null' : typeof given}`,
      hint: "Give what compose(…) returned: overlay('compose.override.yaml', base, [patch(app, { … })]).",
      origin,
    })
  }
  validateComposeOptions({ path, services, options, dialect: 'overlay' }, origin)
  const all = Object.freeze([...services])
  const patches = all.filter((one) => one.kind === 'patch')
  const whole = all.filter((one) => one.kind === 'service')
  validateUnique(path, patches)
  const added = (below: Base): ReferencedServices => {
    const { services: reached, jobs } = findReferencedServices(whole, patches)
    const known = below.file.services ?? {}
    for (const value of whole) if (known[value.name]) throw alreadyThere(value, path, below)
    for (const value of patches) {
      if (!known[value.name] && below.complete) throw notThere(value, path, below)
    }
    return { services: new Map([...reached].filter(([name]) => !known[name])), jobs }
  }
  const baseIn = (context: StackContext) => readBase(base, path, context, origin)
  return Object.freeze({
    *documents(context: StackContext) {
      const base = baseIn(context)
      const reached = added(base)
      const usage = new RenderContext(path, 'compose', base.path)
      const target: RenderTarget = {
        dialect: 'compose',
        jobs: reached.jobs,
        ...(context.read && { read: context.read }),
      }
      const file = withoutCycles(path, () =>
        overlayFile(reached, patches, usage, options, base, target),
      )
      yield toDocument(path, file, base, origin, context)
      yield* besides(usage, secretFolders(readers(reached, patches, base), base.path))
    },
    secrets: (context: StackContext) => {
      const base = baseIn(context)
      return secretFiles(readers(added(base), patches, base), base.path)
    },
  })
}

function overlayFile(
  { services }: ReferencedServices,
  patches: readonly PatchValue[],
  usage: RenderContext,
  options: OverlayOptions,
  { file: base }: Base,
  target: RenderTarget,
): ComposeFile {
  const nodes: Record<string, Service> = {}
  for (const value of patches) nodes[value.name] = renderPatch(value, usage, target)
  const extended = extendedServices({ services: nodes }, usage.root, target)
  for (const { name } of patches) {
    nodes[name] = fitToBase(nodes[name]!, base.services?.[name] ?? {}, extended[name] ?? {})
  }
  for (const value of services.values()) nodes[value.name] = renderService(value, usage, target)
  usage.consumer = ''
  return {
    ...usage.renderFields(options),
    ...(Object.keys(nodes).length > 0 && { services: nodes }),
    ...newDefinitions(definitions(usage), base),
    [DIALECT]: { name: 'compose', changes: [] },
  }
}

/** The services that may read secrets; a patch runs as the user of its base unless it sets `user`. */
function readers({ services }: ReferencedServices, patches: readonly PatchValue[], { file }: Base) {
  const patched = patches.map((value) => {
    const user = file.services?.[value.name]?.user
    return user === undefined ? value : { ...value, spec: { user, ...value.spec } }
  })
  return [...services.values(), ...patched]
}

type Section = Readonly<Record<string, unknown>>

/** The definitions that the base does not have, or has with other keys. */
function newDefinitions(definitions: object, base: ComposeFile): object {
  return Object.fromEntries(
    Object.entries(definitions as Record<string, Section>).flatMap(([section, nodes]) => {
      const known = (base as Record<string, Section | undefined>)[section] ?? {}
      const fresh = Object.entries(nodes).filter(
        ([name, node]) =>
          !(name in known) || JSON.stringify(known[name] ?? {}) !== JSON.stringify(node),
      )
      return fresh.length === 0 ? [] : [[section, Object.fromEntries(fresh)]]
    }),
  )
}

function toDocument(
  path: string,
  file: ComposeFile,
  base: Base,
  origin: Origin,
  context: StackContext,
): Document<ComposeFile> {
  const extended = extendedServices(file, base.path, context)
  const { file: merged, ineffective } = mergeFiles(base.file, file, extended)
  const data: ComposeFile = {
    ...file,
    [ORIGIN]: origin,
    [EFFECTIVE]: { path: base.path, file: merged, base: base.file, ineffective },
  } as ComposeFile
  const own: Document<ComposeFile> = { path, format: overlayFormat, data }
  return {
    ...own,
    locate: (at: Path) => locate(has(file, at) ? own : (base.document ?? own), at),
  } as Document<ComposeFile>
}

/** Whether the file itself has the key of the service or definition that a path leads through. */
function has(file: ComposeFile, at: Path): boolean {
  let node: unknown = file
  for (const key of at.slice(0, 3)) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return false
    node = (node as Record<string | number, unknown>)[key]
  }
  return true
}

function validateUnique(path: string, patches: readonly PatchValue[]): void {
  const seen = new Set<string>()
  for (const { name, [ORIGIN]: origin } of patches) {
    if (!seen.has(name)) seen.add(name)
    else
      throw new UserError({
        message: `the overlay ${path} has two patches of service ${name}`,
        hint: 'Write all its keys in one patch(…).',
        origin,
      })
  }
}

function notThere({ name, [ORIGIN]: origin }: PatchValue, path: string, base: Base): UserError {
  const names = Object.keys(base.file.services ?? {})
  const suggestion = findSuggestion(name, names)
  return new UserError({
    message: `the overlay ${path} patches service ${name}, which ${base.path} does not have`,
    hint: suggestion
      ? `Did you mean '${suggestion}'?`
      : `Its services are ${names.join(', ') || 'none'}. Write a new one as a service: service('${name}', { … }).`,
    origin,
  })
}

function alreadyThere(
  { name, [ORIGIN]: origin }: ServiceValue,
  path: string,
  base: Base,
): UserError {
  return new UserError({
    message: `the overlay ${path} has the complete service ${name}, whose defaults would replace keys that ${base.path} sets`,
    hint: `Write the keys that change: patch(${/^[a-z]\w*$/i.test(name) ? name : `'${name}'`}, { … }).`,
    origin,
  })
}
