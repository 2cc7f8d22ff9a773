import { nearest, type Origin, UserError } from '@erlmcp/core'
import { show } from '../show.ts'
import type { ErlangImageOptions, HealthOptions, ImageLabels, PackageOptions } from './options.ts'

type Kind = 'text' | 'an object' | 'a list'

// The compiler holds these against the types; a stack.ts may run without one.
const known: Record<keyof ErlangImageOptions, Kind> = {
  release: 'text',
  version: 'text',
  otp: 'text',
  flavour: 'text',
  digests: 'an object',
  bases: 'an object',
  folder: 'text',
  image: 'text',
  dependencyFiles: 'a list',
  sources: 'a list',
  packages: 'an object',
  ports: 'a list',
  labels: 'an object',
  health: 'an object',
  distribution: 'text',
  vmArgs: 'an object',
  sysConfig: 'an object',
}
const required = ['release', 'version', 'otp'] as const

const knownLabels: Record<keyof ImageLabels, true> = {
  title: true,
  description: true,
  source: true,
  url: true,
  documentation: true,
  vendor: true,
  authors: true,
  licenses: true,
}

const knownPackages: Record<keyof PackageOptions, true> = {
  build: true,
  runtime: true,
  debug: true,
  versions: true,
}
const knownHealth: Record<keyof HealthOptions, true> = {
  port: true,
  live: true,
  ready: true,
  cluster: true,
}

const inside: Readonly<Record<string, object>> = {
  labels: knownLabels,
  packages: knownPackages,
  health: knownHealth,
}

// They would be, or hide, a program that the image brings, or a folder that its system needs.
const taken = new Set(['start', 'health', 'ctl', 'nodetool', 'root', 'apt', 'dpkg', 'apk'])

// Distribution spec, "Reference", with a tag: -debug and the like are added to it.
const reference =
  /^(?:[A-Za-z0-9.-]+(?::[0-9]{1,5})?\/)?[a-z0-9._-]+(?:\/[a-z0-9._-]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,110}$/

/**
 * Looks at what a person wrote for an image, where nothing later would say what is wrong with it.
 *
 * @throws UserError for a name that has no place, an unknown option, or two that exclude each other
 */
export function checkOptions(options: ErlangImageOptions, origin: Origin): void {
  const refuse = (what: string, help: string): never => {
    throw new UserError({ what, help, origin })
  }
  const checkKeys = (what: string, given: object, keys: object) => {
    const odd = Object.keys(given).find((key) => !Object.hasOwn(keys, key))
    if (odd === undefined) return
    const meant = nearest(odd, Object.keys(keys))
    refuse(
      `${what} ${show(odd)} is none that erlangImage knows`,
      meant ? `Did you mean \`${meant}\`?` : `Known are ${Object.keys(keys).join(', ')}.`,
    )
  }
  if (typeof options !== 'object' || options === null) {
    refuse(
      `erlangImage was given ${show(options)}`,
      "Say at least { release: 'app', version: '1.0.0', otp: '28.3.1' }.",
    )
  }
  checkKeys('the option', options, known)
  checkKinds(options, refuse)
  checkKeys('the label', options.labels ?? {}, knownLabels)
  checkKeys('the list of packages', options.packages ?? {}, knownPackages)
  checkKeys('the option of health', options.health ?? {}, knownHealth)
  for (const [name, value] of Object.entries(options.labels ?? {})) {
    if (typeof value !== 'string') refuse(`the label ${name} is ${show(value)}`, 'Give text.')
  }
  const { release, version, image, flavour = 'debian', distribution = 'local' } = options
  if (!['debian', 'alpine'].includes(flavour)) {
    refuse(`the flavour ${show(flavour)} is not known`, 'Use debian or alpine.')
  }
  if (!['local', 'tls'].includes(distribution)) {
    refuse(`the distribution ${show(distribution)} is not known`, 'Use local or tls.')
  }
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(release) || taken.has(release)) {
    refuse(
      `the release name ${show(release)} cannot be used`,
      `Use up to 31 lower-case letters, digits and _, and not ${[...taken].join(', ')}.`,
    )
  }
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,110}$/.test(version)) {
    refuse(
      `the version ${show(version)} cannot be used`,
      'Use letters, digits, dots, dashes, underscores and +, 111 at most.',
    )
  }
  if (image !== undefined && (!reference.test(image) || image.endsWith(':latest'))) {
    refuse(
      `the image ${show(image)} is no name with a tag that stays`,
      'Write it in lower case, as registry.example.com/team/app:1.0.0.',
    )
  }
  if (options.bases && options.digests) {
    refuse(
      'digests are those of the images of the table, and bases names others',
      'Write the digests into bases: `erlang:28.3.1-slim@sha256:…`.',
    )
  }
  checkLists(options, refuse)
  checkTexts(options, refuse)
  checkPaths(options, refuse)
  checkSysConfig(options.sysConfig ?? {}, refuse)
}

type Refuse = (what: string, help: string) => never

function checkKinds(options: ErlangImageOptions, refuse: Refuse): void {
  for (const name of required) {
    if (options[name] === undefined) refuse(`${name} is missing`, "Write it as text: '1.0.0'.")
  }
  for (const [name, value] of Object.entries({ ...options, ...kernelOf(options.vmArgs) })) {
    const kind = known[name as keyof ErlangImageOptions] ?? 'an object'
    if (value === undefined || kindOf(value) === kind) continue
    const keys = Object.keys(inside[name] ?? {})
    refuse(
      `${name} is ${show(value)}, not ${kind}`,
      keys.length > 0 ? `Known are ${keys.join(', ')}.` : `Write ${name} as ${kind}.`,
    )
  }
}

/** Parameters of kernel in the flags of the emulator are an object, too. */
function kernelOf(vmArgs: unknown): object {
  const kernel = (vmArgs as { '-kernel'?: unknown } | null | undefined)?.['-kernel']
  return kernel === undefined ? {} : { "vmArgs['-kernel']": kernel }
}

function kindOf(value: unknown): Kind | undefined {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? 'text' : undefined
}

/** A text has a length and letters, as a list has items: what is said there would be lost. */
function checkLists(options: ErlangImageOptions, refuse: Refuse): void {
  const { packages = {}, sources, dependencyFiles } = options
  const lists = {
    sources,
    dependencyFiles,
    'packages.build': packages.build,
    'packages.runtime': packages.runtime,
    'packages.debug': packages.debug,
  }
  for (const [name, list = []] of Object.entries(lists)) {
    if (!Array.isArray(list)) {
      refuse(`${name} is ${show(list)}, not a list`, `Write ${name} as a list: ['…'].`)
    }
    const odd = list.findIndex((item) => typeof item !== 'string')
    if (odd >= 0)
      refuse(`${name} has ${show(list[odd])}`, `Write ${name} as a list of text: ['…'].`)
  }
}

/** Of options that hold a text for each of a few names. */
function checkTexts(options: ErlangImageOptions, refuse: Refuse): void {
  const { bases, digests, health: { port: _, ...paths } = {} } = options
  for (const [name, group = {}] of Object.entries({ bases, digests, health: paths })) {
    for (const [key, value] of Object.entries(group)) {
      if (value === undefined || typeof value === 'string') continue
      refuse(`${name}.${key} is ${show(value)}`, `Write ${name}.${key} as text.`)
    }
  }
}

function checkPaths(options: ErlangImageOptions, refuse: Refuse): void {
  const files = [...(options.dependencyFiles ?? []), ...(options.sources ?? [])]
  const odd = files.find(
    (path) =>
      !/^[A-Za-z0-9_.][A-Za-z0-9_./@-]*$/.test(path) || /(^|\/)\.\.(\/|$)|^[./]+$/.test(path),
  )
  if (odd !== undefined) {
    refuse(
      `the path ${show(odd)} cannot be copied`,
      'Use a plain path inside the project, without spaces; not the whole of it.',
    )
  }
  const { folder } = options
  if (
    folder !== undefined &&
    !/^[A-Za-z0-9_][A-Za-z0-9_-]*(\/[A-Za-z0-9_][A-Za-z0-9_-]*)*$/.test(folder)
  ) {
    refuse(
      `the folder ${show(folder)} cannot have the files of an image`,
      'Name a folder of the project, as worker or deploy/worker: letters, digits, - and _.',
    )
  }
  for (const path of Object.values(options.health ?? {})) {
    if (typeof path === 'string' && !/^\/[A-Za-z0-9_./?=&%~-]*$/.test(path)) {
      refuse(`the health path ${show(path)} is not a path`, 'Begin it with a slash.')
    }
  }
}

function checkSysConfig(config: object, refuse: Refuse): void {
  for (const [application, parameters] of Object.entries(config)) {
    const isPlain = typeof parameters === 'object' && parameters !== null
    if (isPlain && !Array.isArray(parameters) && !('term' in parameters)) continue
    refuse(
      `sysConfig of ${application} is not an object of parameters`,
      'Write it as sysConfig: { app: { port: 8080 } }.',
    )
  }
}
