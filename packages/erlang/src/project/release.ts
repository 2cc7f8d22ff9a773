import type { Location } from '@erlmcp/core'
import { existsIn, type ProjectFolder } from './folder.ts'
import type { TermNode } from './parse-terms.ts'
import {
  atomOf,
  elementsOf,
  findValues,
  isTuple,
  keyOf,
  nameOf,
  placeOf,
  textOf,
} from './term-access.ts'
import { type Version, versionOf } from './version.ts'

/** A step of an overlay: relx copies, renders or creates a file of the release. */
export interface Overlay {
  /** `copy`, `template`, `mkdir`, `link`, or another operation. */
  readonly kind: string
  /** Arguments, with variables such as `{{output_dir}}` as they are. */
  readonly paths: readonly string[]
  readonly location: Location
}

/** A release of relx, with the settings that the profile, the project and the release give it. */
export interface Release {
  readonly name: string
  readonly version: Version
  /** Its applications, those of the release that it extends included. */
  readonly applications: readonly string[]
  /** Path of each file that relx takes, also by default; absent where relx writes its own. */
  readonly sysConfig?: string
  readonly sysConfigSrc?: string
  readonly vmArgs?: string
  readonly vmArgsSrc?: string
  /** Those of these four that relx states, and without which it stops. */
  readonly statedFiles: readonly string[]
  readonly overlays: readonly Overlay[]
  /** Files of variables for templates. */
  readonly overlayVars: readonly string[]
  readonly extendedStartScript: boolean
  /** Commands that the project adds to the start script: name and file. */
  readonly startScriptExtensions: readonly string[]
  /** Moments at which the start script runs hooks, such as `pre_start`. */
  readonly startScriptHooks: readonly string[]
  /** Whether it contains the runtime system; a path is that of another one. */
  readonly includeErts: boolean | string
  readonly location: Location
}

/** The parts of the tuple of a release (`rlx_config:load/2`). */
interface Parts {
  readonly name: string
  readonly version: TermNode
  readonly extend: string | undefined
  readonly applications: readonly string[]
  readonly own: readonly TermNode[]
  readonly node: TermNode
}

/**
 * The releases of merged terms of relx. Of two with one name and version the last one counts.
 *
 * @param profile the one that rebar3 builds them in
 */
export function releasesOf(
  terms: readonly TermNode[],
  folder: ProjectFolder,
  profile: string,
): readonly Release[] {
  const parts = terms.filter((node) => keyOf(node) === 'release').flatMap((node) => partsOf(node))
  const releases = new Map<string, Release>()
  for (const part of parts) {
    const release = releaseOf(part, parts, terms, folder, profile)
    releases.set(JSON.stringify([release.name, release.version.text]), release)
  }
  return [...releases.values()]
}

function partsOf(node: TermNode): Parts[] {
  const [, id, ...others] = node.items
  const [first, version, extension] = isTuple(id) ? id.items : []
  const name = atomOf(first)
  if (name === undefined || !version) return []
  const lists = others.filter((other) => Array.isArray(other.term))
  const [applications, own] = lists
  const extended = extension && isTuple(extension) ? extension.items[1] : undefined
  return [
    {
      name,
      version,
      extend: isTuple(extended) ? atomOf(extended.items[0]) : atomOf(extended),
      applications: elementsOf(applications).flatMap((goal) => goalOf(goal) ?? []),
      own: elementsOf(own),
      node,
    },
  ]
}

/** An application as a name or a tuple with its type or version. */
function goalOf(node: TermNode): string | undefined {
  return nameOf(isTuple(node) ? node.items[0] : node)
}

function releaseOf(
  part: Parts,
  all: readonly Parts[],
  terms: readonly TermNode[],
  folder: ProjectFolder,
  profile: string,
): Release {
  const settings = [...terms, ...part.own]
  const last = (key: string) => findValues(settings, key).at(-1)
  const overlays = [...terms.filter(isOverlay), ...part.own.filter(isOverlay)]
  return {
    name: part.name,
    version: versionOf(part.version, folder),
    applications: applicationsOf(part, all),
    ...filesOf(last, folder),
    overlays: overlays.flatMap((node) => elementsOf(node.items[1]).flatMap(overlayOf)),
    overlayVars: findValues(settings, 'overlay_vars').flatMap(pathsOf),
    extendedStartScript: atomOf(last('extended_start_script')) === 'true',
    startScriptExtensions: pairsOf(last('extended_start_script_extensions')),
    startScriptHooks: pairsOf(last('extended_start_script_hooks')),
    includeErts: includeErts(settings, profile),
    location: placeOf(part.node),
  }
}

function applicationsOf(part: Parts, all: readonly Parts[], seen: readonly Parts[] = []): string[] {
  const base = all.find(({ name }) => name === part.extend)
  const before = base && !seen.includes(base) ? applicationsOf(base, all, [...seen, part]) : []
  return [...new Set([...before, ...part.applications])]
}

function isOverlay(node: TermNode): boolean {
  return keyOf(node) === 'overlay'
}

const files = {
  sysConfigSrc: ['sys_config_src', 'config/sys.config.src'],
  sysConfig: ['sys_config', 'config/sys.config'],
  vmArgsSrc: ['vm_args_src', 'config/vm.args.src'],
  vmArgs: ['vm_args', 'config/vm.args'],
} as const

/** The configuration files: stated ones, else those of the folder `config`, with `.src` first. */
function filesOf(last: (key: string) => TermNode | undefined, folder: ProjectFolder) {
  const found: { -readonly [Name in keyof typeof files]?: string } = {}
  const statedFiles: string[] = []
  for (const pair of [
    ['sysConfigSrc', 'sysConfig'],
    ['vmArgsSrc', 'vmArgs'],
  ] as const) {
    const stated = pair.find((name) => textOf(last(files[name][0])))
    const present = pair.find((name) => {
      const [key, path] = files[name]
      const off = ['false', 'undefined'].includes(atomOf(last(key)) ?? '')
      return !off && existsIn(folder, path)
    })
    if (stated) {
      found[stated] = textOf(last(files[stated][0]))!
      statedFiles.push(found[stated])
    } else if (present) {
      found[present] = files[present][1]
    }
  }
  return { ...found, statedFiles }
}

function overlayOf(node: TermNode): Overlay[] {
  const kind = keyOf(node)
  if (kind === undefined || !isTuple(node)) return []
  const paths = node.items.slice(1).flatMap((path) => textOf(path) ?? [])
  return [{ kind, paths, location: placeOf(node) }]
}

/** A path, or a list of them. */
function pathsOf(node: TermNode): string[] {
  const path = textOf(node)
  return path ? [path] : elementsOf(node).flatMap((one) => textOf(one) ?? [])
}

function pairsOf(node: TermNode | undefined): string[] {
  return elementsOf(node).flatMap((pair) => keyOf(pair) ?? [])
}

/** `mode` sets it too, so the order of the terms counts. */
function includeErts(settings: readonly TermNode[], profile: string): boolean | string {
  // rebar3 puts `{mode, prod}` in front of the terms in the profile of that name.
  let value: boolean | string = profile === 'prod'
  for (const node of settings) {
    const [, setting] = node.items
    if (keyOf(node) === 'mode') value = atomOf(setting) === 'prod'
    if (keyOf(node) === 'dev_mode' && atomOf(setting) === 'true') value = false
    if (keyOf(node) === 'include_erts') value = textOf(setting) ?? atomOf(setting) === 'true'
  }
  return value
}
