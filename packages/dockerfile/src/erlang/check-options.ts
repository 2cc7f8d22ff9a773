import { nearest, type Origin, UserError } from '@erlmcp/core'
import type { ErlangImageOptions, HealthOptions, ImageLabels, PackageOptions } from './options.ts'

// The compiler holds both against the types; a stack.ts may run without one.
const known: Record<keyof ErlangImageOptions, true> = {
  release: true,
  version: true,
  otp: true,
  flavour: true,
  digests: true,
  bases: true,
  folder: true,
  image: true,
  dependencyFiles: true,
  sources: true,
  packages: true,
  ports: true,
  labels: true,
  health: true,
  distribution: true,
  vmArgs: true,
  sysConfig: true,
}
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
  const show = (value: unknown) => JSON.stringify(value) ?? String(value)
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
  checkPaths(options, refuse)
  checkSysConfig(options.sysConfig ?? {}, refuse)
}

type Refuse = (what: string, help: string) => never

/** A text has a length and letters, as a list has items: what is said there would be lost. */
function checkLists(options: ErlangImageOptions, refuse: Refuse): void {
  const { packages = {}, sources, dependencyFiles, ports } = options
  const lists = {
    sources,
    dependencyFiles,
    ports,
    'packages.build': packages.build,
    'packages.runtime': packages.runtime,
    'packages.debug': packages.debug,
  }
  for (const [name, list] of Object.entries(lists)) {
    if (list === undefined || Array.isArray(list)) continue
    refuse(`${name} is ${JSON.stringify(list)}, not a list`, `Write ${name} as a list: ['…'].`)
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
      `the path ${JSON.stringify(odd)} cannot be copied`,
      'Use a plain path inside the project, without spaces; not the whole of it.',
    )
  }
  const { folder } = options
  if (
    folder !== undefined &&
    !/^[A-Za-z0-9_][A-Za-z0-9_-]*(\/[A-Za-z0-9_][A-Za-z0-9_-]*)*$/.test(folder)
  ) {
    refuse(
      `the folder ${JSON.stringify(folder)} cannot have the files of an image`,
      'Name a folder of the project, as worker or deploy/worker: letters, digits, - and _.',
    )
  }
  for (const path of Object.values(options.health ?? {})) {
    if (typeof path === 'string' && !/^\/[A-Za-z0-9_./?=&%~-]*$/.test(path)) {
      refuse(`the health path ${JSON.stringify(path)} is not a path`, 'Begin it with a slash.')
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
