import { type Location, UserError } from '@erlmcp/core'
import { type Application, readApplications } from './application.ts'
import { type Dependency, dependenciesOf, readLock } from './dependency.ts'
import { existsIn, type ProjectFolder, projectFolder } from './folder.ts'
import { type Hook, hooksOf } from './hook.ts'
import { parseTerms, type TermNode } from './parse-terms.ts'
import { relxTerms, type Settings, settingOf, settingsOf } from './profile.ts'
import { type Release, releasesOf } from './release.ts'
import { elementsOf, findValue, placeOf, textOf } from './term-access.ts'

/** A text, and where it is written. */
export interface Stated {
  readonly text: string
  readonly location: Location
}

/** Something of a project that only its build knows, or that contradicts itself. */
export interface ProjectNote {
  readonly message: string
  readonly hint: string
  readonly location: Location
}

/** An Erlang project, read from its rebar.config, rebar.lock and `.app.src` files. */
export interface ErlangProject {
  readonly applications: readonly Application[]
  readonly releases: readonly Release[]
  /** Those of the project, of the rebar.config of its applications, and of the profile. */
  readonly dependencies: readonly Dependency[]
  /** Those of rebar.lock, also of dependencies; undefined without the file. */
  readonly locked: readonly Dependency[] | undefined
  /** Plugins of the project and of the profile. */
  readonly plugins: readonly Dependency[]
  /** Names of the profiles in rebar.config. */
  readonly profiles: readonly string[]
  readonly hooks: readonly Hook[]
  /** Folders that are compiled in addition to `src`, by `extra_src_dirs`. */
  readonly extraSources: readonly string[]
  /** `minimum_otp_vsn`. */
  readonly minimumOtp?: Stated
  /** The Erlang of `.tool-versions`. */
  readonly toolVersion?: Stated
  /** Dependencies in `_checkouts`, which replace those of rebar.lock. */
  readonly checkouts: readonly string[]
  /** Programs that change what is read when rebar3 runs: rebar.config.script and the like. */
  readonly scripts: readonly string[]
  readonly notes: readonly ProjectNote[]
}

export interface ReadProjectOptions {
  /** The profile in which the release is built. Default `prod`. */
  readonly profile?: string
}

/**
 * Reads an Erlang project: what rebar3 would build in a profile. Nothing is executed, so the project
 * may be untrusted; where a program decides, `notes` says so.
 *
 * @param source its folder, or its files
 * @returns undefined where rebar.config is missing
 * @throws UserError for a file that is not of Erlang terms, with the place
 * @example
 * const project = readErlangProject('.')
 * console.log(project?.releases.map(({ name, version }) => `${name} ${version.text}`))
 */
export function readErlangProject(
  source: string | ProjectFolder,
  { profile = 'prod' }: ReadProjectOptions = {},
): ErlangProject | undefined {
  const folder = typeof source === 'string' ? projectFolder(source) : source
  const config = readTerms(folder, 'rebar.config')
  const hasScript = existsIn(folder, 'rebar.config.script')
  if (!config && !hasScript) return undefined
  const settings = settingsOf(config ?? [], profile, hasScript)
  const both = [...settings.base, ...settings.profile]
  const list = (key: string) => [settings.base, settings.profile].map((one) => findValue(one, key))
  const applications = readApplications(folder, both)
  const inherited = applications.flatMap((one) => dependenciesOf(configOf(folder, one)))
  const main = [...dependenciesOf(findValue(settings.base, 'deps')), ...inherited]
  const locked = readLock(folder.read('rebar.lock'), 'rebar.lock')
  const relx = relxTerms(settings)
  const relxFile = readTerms(folder, 'relx.config')
  const releases = releasesOf(relx.length > 0 ? relx : (relxFile ?? []), folder, profile)
  const present = applications.map(({ name }) => name)
  const checkouts = checkoutsOf(folder)
  const scripts = scriptsOf(folder, applications)
  const otp = settingOf(settings, 'minimum_otp_vsn')
  const minimumOtp = otp && stated(otp)
  const toolVersion = readToolVersion(folder)
  return {
    applications,
    releases,
    dependencies: [...main, ...dependenciesOf(findValue(settings.profile, 'deps'))],
    locked,
    plugins: ['project_plugins', 'plugins'].flatMap(list).flatMap(dependenciesOf),
    profiles: settings.profiles,
    hooks: hooksOf(both),
    extraSources: list('extra_src_dirs').flatMap(elementsOf).flatMap(sourceOf),
    ...(minimumOtp && { minimumOtp }),
    ...(toolVersion && { toolVersion }),
    checkouts,
    scripts,
    notes: [
      ...scripts.map(noteOfScript),
      ...notesOfRelx(settings, relxFile),
      ...(scripts.length > 0 ? [] : notesOfLock(main, locked, [...present, ...checkouts])),
      ...notesOfVersions(releases),
      ...releases.flatMap((release) => notesOfFiles(release, folder)),
    ],
  }
}

function readTerms(folder: ProjectFolder, file: string): readonly TermNode[] | undefined {
  const text = folder.read(file)
  return text === undefined ? undefined : parseTerms(text, file)
}

function checkoutsOf(folder: ProjectFolder): string[] {
  const names = folder.list('_checkouts').filter((name) => name.endsWith('/'))
  return names.map((name) => name.slice(0, -1))
}

/** `deps` in the rebar.config of an application of an umbrella project. */
function configOf(folder: ProjectFolder, application: Application): TermNode | undefined {
  if (application.folder === '.') return undefined
  const terms = readTerms(folder, `${application.folder}/rebar.config`)
  return terms && findValue(terms, 'deps')
}

function stated(node: TermNode): Stated | undefined {
  const text = textOf(node)
  return text === undefined ? undefined : { text, location: placeOf(node) }
}

/** A folder, or a folder with its options. */
function sourceOf(node: TermNode): string[] {
  const path = textOf(node) ?? textOf(node.items[0])
  return path === undefined ? [] : [path]
}

function readToolVersion(folder: ProjectFolder): Stated | undefined {
  const lines = folder.read('.tool-versions')?.split('\n') ?? []
  const index = lines.findIndex((line) => /^erlang\s+\d/.test(line))
  if (index === -1) return undefined
  const location = { file: '.tool-versions', line: index + 1, column: 1 }
  return { text: lines[index]!.split(/\s+/)[1]!, location }
}

/** rebar3 runs `NAME.script` of rebar.config, rebar.lock and each `.app.src`. */
function scriptsOf(folder: ProjectFolder, applications: readonly Application[]): string[] {
  const files = ['rebar.config', 'rebar.lock', ...applications.map(({ location }) => location.file)]
  return files.map((file) => `${file}.script`).filter((file) => existsIn(folder, file))
}

function noteOfScript(file: string): ProjectNote {
  return {
    message: `${file} is a program, so what it changes is unknown before the build`,
    hint: 'State the options of erlangImage that it changes.',
    location: { file, line: 1, column: 1 },
  }
}

function notesOfRelx(settings: Settings, file: readonly TermNode[] | undefined): ProjectNote[] {
  const relx = settingOf(settings, 'relx')
  if (!relx || !file) return []
  return [
    {
      message: `rebar3 ignores relx.config: rebar.config has relx on line ${relx.line}`,
      hint: 'Remove one of the two.',
      location: { file: 'relx.config', line: 1, column: 1 },
    },
  ]
}

function notesOfLock(
  dependencies: readonly Dependency[],
  locked: readonly Dependency[] | undefined,
  present: readonly string[],
): ProjectNote[] {
  const names = locked && new Set([...locked.map(({ name }) => name), ...present])
  const missing = names ? dependencies.filter(({ name }) => !names.has(name)) : []
  return missing.map(({ name, location }) => ({
    message: `dependency ${name} is missing in rebar.lock`,
    hint: 'Run `rebar3 get-deps` and commit rebar.lock.',
    location,
  }))
}

function notesOfVersions(releases: readonly Release[]): ProjectNote[] {
  return releases
    .filter(({ version }) => version.text === undefined)
    .map(({ name, version }) => ({
      message: `the version of release ${name} is known only to the build (${version.from})`,
      hint: 'State the version in erlangImage, or in rebar.config.',
      location: version.location,
    }))
}

function notesOfFiles(release: Release, folder: ProjectFolder): ProjectNote[] {
  const { name, sysConfig, sysConfigSrc, vmArgs, vmArgsSrc, location } = release
  const files = [sysConfig, sysConfigSrc, vmArgs, vmArgsSrc].filter((file) => file !== undefined)
  return files
    .filter((file) => !existsIn(folder, file))
    .map((file) => ({
      message: `${file} of release ${name} is missing`,
      hint: 'Create it before the build: relx stops without it.',
      location,
    }))
}

/**
 * The release of a name, or the only one.
 *
 * @throws UserError with the releases that there are
 */
export function findRelease(project: ErlangProject, name?: string, location?: Location): Release {
  const { releases } = project
  const matching = releases.filter((release) => name === undefined || release.name === name)
  const names = [...new Set(releases.map((release) => release.name))]
  // Of several versions of one release relx builds the last one without being asked.
  const found = matching.at(-1)
  if (found && (name !== undefined || names.length === 1)) return found
  const known = releases.map((one) => `${one.name} (${one.location.file}:${one.location.line})`)
  throw new UserError({
    message:
      name === undefined
        ? `expected one release in rebar.config, got ${names.length === 0 ? 'none' : names.join(', ')}`
        : `release ${name} is missing in rebar.config`,
    hint:
      names.length === 0
        ? 'Add {relx, [{release, {Name, Version}, [Application]}]} to rebar.config.'
        : `Set the option release to one of ${known.join(', ')}.`,
    location,
  })
}
