import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  formatValue,
  isObject,
  type Location,
  locationOf,
  type Origin,
  UserError,
} from '@erlmcp/core'
import { compareVersions } from './compare-versions.ts'
import type { OtpVersion } from './image/bases.ts'
import { imagePaths } from './image-paths.ts'
import type { ErlangImageOptions } from './options.ts'
import { findRelease } from './project/find-release.ts'
import type { ErlangProject, Stated } from './project/project.ts'
import { readErlangProject } from './project/read-project.ts'
import type { Release } from './project/release.ts'

/** The OTP release of an image whose project states none. */
const defaultOtp: OtpVersion = '28.3.1'

/**
 * The options with what the project says where they state nothing.
 *
 * @throws UserError with both places where an option contradicts the project
 */
export function withProject(
  options: ErlangImageOptions,
  origin: Origin,
): Omit<ErlangImageOptions, 'project'> {
  if (typeof options !== 'object' || options === null) return options
  const location = locationOf(origin)
  const { project: given, ...stated } = options
  validateProject(given, location)
  const project = given ?? findProject(location)
  if (!project && !('release' in stated)) {
    throw new UserError({
      message: 'erlangImage: rebar.config is missing in the folder of this file and above',
      hint: 'Set the options release, version and otp, or set project to readErlangProject(…).',
      location,
    })
  }
  if (!project) return stated
  const release = releaseOf(stated, project, location)
  if (!release) return stated
  const { dependencyFiles, sources } = project.inputs
  const folder = typeof stated.folder === 'string' ? stated.folder : undefined
  const generated = Object.values(imagePaths(folder))
  const otp = stated.otp ?? otpOf(project)
  validateOtp(otp, project, location)
  return {
    ...stated,
    release: release.name,
    version: stated.version ?? versionOf(release, project, location),
    otp,
    dependencyFiles: stated.dependencyFiles ?? dependencyFiles,
    // The generated configuration is copied without being a source.
    sources: stated.sources ?? sources.filter((path) => !generated.includes(path)),
    ...packagesOf(stated, project),
  }
}

function validateProject(project: unknown, location: Location | undefined): void {
  if (project === undefined || (isObject(project) && Array.isArray(project.releases))) return
  throw new UserError({
    message: `project of erlangImage: expected a project, got ${formatValue(project)}`,
    hint: 'Set it to readErlangProject(…), or remove it.',
    location,
  })
}

/** The project of the nearest rebar.config at or above the file that calls, within its repository. */
function findProject(location: Location | undefined): ErlangProject | undefined {
  for (let at = location ? dirname(location.file) : process.cwd(); ; at = dirname(at)) {
    const found = ['rebar.config', 'rebar.config.script'].some((name) => existsSync(join(at, name)))
    if (found) return readErlangProject(at)
    if (existsSync(join(at, '.git')) || at === dirname(at)) return undefined
  }
}

/** Undefined where the options name a release that only a program can add. */
function releaseOf(
  { release: name, version }: ErlangImageOptions,
  project: ErlangProject,
  location: Location | undefined,
): Release | undefined {
  const isKnown = project.releases.some((release) => release.name === name)
  if (name !== undefined && !isKnown && isProgrammed(project)) return undefined
  const first = findRelease(project, name, location)
  const named = project.releases.filter((release) => release.name === first.name)
  const texts = named.map((release) => release.version.text)
  const found = named.find((release) => release.version.text === version)
  if (found || version === undefined || texts.includes(undefined) || isProgrammed(project)) {
    return found ?? first
  }
  return rejectContradiction('version', first.version as Stated, `"${version}"`, location)
}

/** Whether rebar.config.script may change what was read. */
function isProgrammed(project: ErlangProject): boolean {
  return project.scripts.includes('rebar.config.script')
}

function versionOf(
  release: Release,
  project: ErlangProject,
  location: Location | undefined,
): string {
  const { text, from, location: at } = release.version
  // A program often replaces a text such as "see VERSION".
  const isReplaced = isProgrammed(project) && text !== undefined && /\s/.test(text)
  if (text !== undefined && !isReplaced) return text
  const source = isReplaced ? 'rebar.config.script' : from
  throw new UserError({
    message: `version of erlangImage: only the build knows that of release ${release.name} (${source}, ${placeOf(at)})`,
    hint: 'Set the option version; the build stops where it differs.',
    location,
  })
}

/** That of `.tool-versions` where it is complete, else the default. */
function otpOf({ toolVersion }: ErlangProject): OtpVersion {
  const isComplete = toolVersion && /^\d+(?:\.\d+){2,3}$/.test(toolVersion.text)
  return isComplete ? (toolVersion.text as OtpVersion) : defaultOtp
}

/**
 * Validates that the OTP release is not below `minimum_otp_vsn`, with which rebar3 stops.
 *
 * @throws UserError with both places
 */
function validateOtp(otp: unknown, project: ErlangProject, location: Location | undefined): void {
  const { minimumOtp } = project
  if (!minimumOtp || typeof otp !== 'string' || isProgrammed(project)) return
  if (compareVersions(otp, minimumOtp.text) >= 0) return
  throw new UserError({
    message: `otp of erlangImage: expected at least ${minimumOtp.text} (minimum_otp_vsn, ${placeOf(minimumOtp.location)}), got ${otp}`,
    hint: `Set the option otp to a release from ${minimumOtp.text} on.`,
    location,
  })
}

function rejectContradiction(
  option: string,
  read: Stated,
  got: string,
  location: Location | undefined,
): never {
  throw new UserError({
    message: `${option} of erlangImage: expected "${read.text}" as in ${placeOf(read.location)}, got ${got}`,
    hint: `Remove the option ${option}, or change one of the two.`,
    location,
  })
}

/** Git where a dependency or a plugin comes from a git repository. */
function packagesOf({ packages }: ErlangImageOptions, project: ErlangProject) {
  const fetched = [...project.dependencies, ...(project.locked ?? []), ...project.plugins]
  const needsGit = fetched.some(({ source }) => source.startsWith('git'))
  if (!needsGit || packages?.build) return {}
  return { packages: { ...packages, build: ['ca-certificates', 'git'] } }
}

function placeOf({ file, line }: Location): string {
  return `${file}:${line}`
}
