import { type Application, readApplications } from './application.ts'
import { buildInputs } from './build-inputs.ts'
import { dependenciesOf, readLock } from './dependency.ts'
import { existsIn, type ProjectFolder, projectFolder } from './folder.ts'
import { hooksOf } from './hook.ts'
import { noteOfScript, notesOfFiles, notesOfLock, notesOfRelx, notesOfVersions } from './notes.ts'
import { parseTerms, type TermNode } from './parse-terms.ts'
import { relxTerms, settingOf, settingsOf } from './profile.ts'
import type { ErlangProject, Stated } from './project.ts'
import { releasesOf } from './release.ts'
import { elementsOf, findValue, placeOf, textOf } from './term-access.ts'

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
  const relxSetting = settingOf(settings, 'relx')
  const otp = settingOf(settings, 'minimum_otp_vsn')
  const minimumOtp = otp && stated(otp)
  const toolVersion = readToolVersion(folder)
  const project = {
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
      ...(relxFile ? notesOfRelx(relxSetting) : []),
      ...(scripts.length > 0 ? [] : notesOfLock(main, locked, [...present, ...checkouts])),
      ...notesOfVersions(releases),
      ...releases.flatMap((release) => notesOfFiles(release, folder)),
    ],
  }
  return { ...project, inputs: buildInputs(project, folder) }
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
