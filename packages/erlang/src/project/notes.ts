import type { Dependency } from './dependency.ts'
import { existsIn, type ProjectFolder } from './folder.ts'
import type { TermNode } from './parse-terms.ts'
import type { ProjectNote } from './project.ts'
import type { Release } from './release.ts'

export function noteOfScript(file: string): ProjectNote {
  return {
    message: `${file} is a program, so what it changes is unknown before the build`,
    hint: 'State the options of erlangImage that it changes.',
    location: { file, line: 1, column: 1 },
  }
}

/** A project with a relx.config beside its `relx` in rebar.config. */
export function notesOfRelx(relx: TermNode | undefined): ProjectNote[] {
  if (!relx) return []
  return [
    {
      message: `rebar3 ignores relx.config: rebar.config has relx on line ${relx.line}`,
      hint: 'Remove one of the two.',
      location: { file: 'relx.config', line: 1, column: 1 },
    },
  ]
}

export function notesOfLock(
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

export function notesOfVersions(releases: readonly Release[]): ProjectNote[] {
  return releases
    .filter(({ version }) => version.text === undefined)
    .map(({ name, version }) => ({
      message: `the version of release ${name} is known only to the build (${version.from})`,
      hint: 'State the version in erlangImage, or in rebar.config.',
      location: version.location,
    }))
}

export function notesOfFiles(release: Release, folder: ProjectFolder): ProjectNote[] {
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
