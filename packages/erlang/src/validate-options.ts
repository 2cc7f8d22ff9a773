import { type Origin, schema, UserError, validateOptions } from '@erlmcp/core'
import { validateVmArgs, vmArgsSchema } from './config/vm-args-schema.ts'
import type { NamedBases } from './image/bases.ts'
import type { HealthOptions, ImageLabels, PackageOptions, StatedOptions } from './options.ts'

const { any, formatted, integer, list, map, matching, object, oneOf, string } = schema

// Names of programs that the image adds, and of folders that its system needs.
const reserved = ['start', 'health', 'ctl', 'nodetool', 'root', 'apt', 'dpkg', 'apk']

const release = {
  expected: 'a release name',
  hint: `Use up to 31 letters, digits, - and _, and not ${reserved.join(', ')}.`,
  accepts: (text: string) => /^[A-Za-z][A-Za-z0-9_-]{0,30}$/.test(text) && !reserved.includes(text),
}
const version = matching(
  /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,110}$/,
  'a version',
  'Use up to 111 letters, digits, dots, dashes, underscores and +.',
)
// Distribution spec, "Reference", with a tag to which -debug and the like are appended.
const image = matching(
  /^(?!.*:latest$)(?:[A-Za-z0-9.-]+(?::[0-9]{1,5})?\/)?[a-z0-9._-]+(?:\/[a-z0-9._-]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,110}$/,
  'an image name with a tag other than `latest`',
  'Write it in lower case, such as registry.example.com/team/app:1.0.0.',
)
const path = matching(
  /^(?!(?:.*\/)?\.\.(?:\/|$)|[./]+$)[A-Za-z0-9_.][A-Za-z0-9_./@-]*$/,
  'a path inside the project',
  'Use a plain path without spaces, not the whole project.',
)
const folder = matching(
  /^[A-Za-z0-9_][A-Za-z0-9_-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_-]*)*$/,
  'a folder of the project',
  'Use letters, digits, - and _, such as worker or deploy/worker.',
)
const urlPath = matching(
  /^\/[A-Za-z0-9_./?=&%~-]*$/,
  'a path of a URL',
  'Begin it with a slash, such as /health/live.',
)
const digest = matching(
  /^sha256:[0-9a-f]{64}$/,
  'the digest of an image',
  'Write sha256: and 64 hexadecimal digits; `docker buildx imagetools inspect` shows it.',
)
// Debian policy 5.6.1, and the names of Alpine.
const packageName = matching(
  /^[a-z0-9][a-z0-9+._-]*$/,
  'a package name',
  'Use lower-case letters, digits and +.-_; versions belong into packages.versions.',
)
const port = {
  expected: 'a port from 1 to 65535',
  hint: 'Write it as a number, such as 8080.',
  accepts: (text: string) => Number(text) >= 1 && Number(text) <= 65_535,
}

const paths = list(formatted(string, path))
const names = list(formatted(string, packageName))
const urlPathSchema = formatted(string, urlPath)
const portSchema = formatted(integer, port)

const optionsSchema = object<StatedOptions>(
  {
    release: formatted(string, release),
    version: formatted(string, version),
    otp: string,
    flavour: oneOf('debian', 'alpine'),
    digests: object<NonNullable<StatedOptions['digests']>>({
      builder: formatted(string, digest),
      runtime: formatted(string, digest),
    }),
    bases: object<NamedBases>(
      { builder: string, runtime: string, libraries: names },
      { required: ['builder', 'runtime'] },
    ),
    folder: formatted(string, folder),
    image: formatted(string, image),
    dependencyFiles: paths,
    sources: paths,
    packages: object<PackageOptions>({
      build: names,
      runtime: names,
      debug: names,
      versions: map(string),
    }),
    ports: list(portSchema),
    labels: object<ImageLabels>({
      title: string,
      description: string,
      source: string,
      url: string,
      documentation: string,
      vendor: string,
      authors: string,
      licenses: string,
    }),
    health: object<HealthOptions>({
      port: portSchema,
      live: urlPathSchema,
      ready: urlPathSchema,
      cluster: urlPathSchema,
    }),
    distribution: oneOf('local', 'tls'),
    vmArgs: vmArgsSchema,
    sysConfig: map({
      ...map(any),
      expected: 'an object of parameters',
      hint: 'Write it as sysConfig: { app: { port: 8080 } }.',
    }),
  },
  { required: ['release', 'version', 'otp'] },
)

/**
 * Validates the options of `erlangImage`, at run time because a stack.ts may run unchecked.
 *
 * @throws UserError with every unknown and invalid option, or for two that exclude each other
 */
export function validateImageOptions(
  options: object,
  origin: Origin,
): asserts options is StatedOptions {
  validateOptions('erlangImage', options, optionsSchema, origin)
  validateRest(options as StatedOptions, origin)
}

/** Validates what the schema cannot express. */
function validateRest(options: StatedOptions, origin: Origin): void {
  const reject = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  for (const [name, value] of Object.entries(options.labels ?? {})) {
    if (value === undefined) reject(`label ${name} is undefined`, 'Set it to a text, or remove it.')
  }
  if (options.bases && options.digests) {
    reject(
      'erlangImage has both bases and digests',
      'Write the digests into bases: `erlang:28.3.1-slim@sha256:…`.',
    )
  }
  for (const [application, parameters] of Object.entries(options.sysConfig ?? {})) {
    if (!('term' in parameters)) continue
    reject(
      `sysConfig of ${application}: expected an object of parameters, got a term`,
      'Write it as sysConfig: { app: { port: 8080 } }.',
    )
  }
  validateVmArgs(options.vmArgs ?? {}, origin)
}
