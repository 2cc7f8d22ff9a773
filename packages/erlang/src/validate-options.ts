import {
  formatValue,
  type Keys,
  type Origin,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import type { NamedBases } from './dockerfile/bases.ts'
import type { ErlangImageOptions, HealthOptions, ImageLabels, PackageOptions } from './options.ts'

const { anyList, anyObject, number, object, string } = schema

// The compiler holds these against the types; a stack.ts may run without one.
const optionsSchema = object<ErlangImageOptions>(
  {
    release: string,
    version: string,
    otp: string,
    flavour: string,
    digests: anyObject,
    bases: anyObject,
    folder: string,
    image: string,
    dependencyFiles: anyList,
    sources: anyList,
    packages: anyObject,
    ports: anyList,
    labels: anyObject,
    health: anyObject,
    distribution: string,
    vmArgs: anyObject,
    sysConfig: anyObject,
  },
  { required: ['release', 'version', 'otp'] },
)

const labelSchema = object<ImageLabels>({
  title: string,
  description: string,
  source: string,
  url: string,
  documentation: string,
  vendor: string,
  authors: string,
  licenses: string,
})

const packageSchema = object<PackageOptions>({
  build: anyList,
  runtime: anyList,
  debug: anyList,
  versions: anyObject,
})

const healthSchema = object<HealthOptions>({
  port: number,
  live: string,
  ready: string,
  cluster: string,
})

const digestKeys: Keys<NonNullable<ErlangImageOptions['digests']>> = {
  builder: string,
  runtime: string,
}

const baseSchema = object<NamedBases>(
  { ...digestKeys, libraries: anyList },
  { required: ['builder', 'runtime'] },
)

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
export function checkImage(options: ErlangImageOptions, origin: Origin): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  validateOptions('erlangImage', options, optionsSchema, origin)
  const { labels = {}, packages = {}, health = {}, bases, digests = {}, vmArgs = {} } = options
  validateOptions('labels', labels, labelSchema, origin)
  for (const [name, value] of Object.entries(labels)) {
    if (value === undefined) refuse(`the label ${name} is undefined`, 'Give text, or leave it out.')
  }
  validateOptions('packages', packages, packageSchema, origin)
  validateOptions('health', health, healthSchema, origin)
  validateOptions('digests', digests, object(digestKeys), origin)
  if (bases) validateOptions('bases', bases, baseSchema, origin)
  validateOptions(
    'vmArgs',
    { '-kernel': vmArgs['-kernel'] },
    object({ '-kernel': anyObject }),
    origin,
  )
  const { release, version, image, flavour = 'debian', distribution = 'local' } = options
  if (!['debian', 'alpine'].includes(flavour)) {
    refuse(`the flavour ${formatValue(flavour)} is not known`, 'Use debian or alpine.')
  }
  if (!['local', 'tls'].includes(distribution)) {
    refuse(`the distribution ${formatValue(distribution)} is not known`, 'Use local or tls.')
  }
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(release) || taken.has(release)) {
    refuse(
      `the release name ${formatValue(release)} cannot be used`,
      `Use up to 31 lower-case letters, digits and _, and not ${[...taken].join(', ')}.`,
    )
  }
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,110}$/.test(version)) {
    refuse(
      `the version ${formatValue(version)} cannot be used`,
      'Use letters, digits, dots, dashes, underscores and +, 111 at most.',
    )
  }
  if (image !== undefined && (!reference.test(image) || image.endsWith(':latest'))) {
    refuse(
      `the image ${formatValue(image)} is no name with a tag that stays`,
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

type Refuse = (message: string, hint: string) => never

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
    const odd = list.findIndex((item) => typeof item !== 'string')
    if (odd >= 0)
      refuse(`${name} has ${formatValue(list[odd])}`, `Write ${name} as a list of text: ['…'].`)
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
      `the path ${formatValue(odd)} cannot be copied`,
      'Use a plain path inside the project, without spaces; not the whole of it.',
    )
  }
  const { folder } = options
  if (
    folder !== undefined &&
    !/^[A-Za-z0-9_][A-Za-z0-9_-]*(\/[A-Za-z0-9_][A-Za-z0-9_-]*)*$/.test(folder)
  ) {
    refuse(
      `the folder ${formatValue(folder)} cannot have the files of an image`,
      'Name a folder of the project, as worker or deploy/worker: letters, digits, - and _.',
    )
  }
  for (const path of Object.values(options.health ?? {})) {
    if (typeof path === 'string' && !/^\/[A-Za-z0-9_./?=&%~-]*$/.test(path)) {
      refuse(`the health path ${formatValue(path)} is not a path`, 'Begin it with a slash.')
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
