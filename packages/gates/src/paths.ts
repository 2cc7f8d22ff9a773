/** Folders of the containers that gates run in. */
export const folders = {
  /** The sources, mounted read-only. */
  project: '/project',
  /** The copy of them that a gate works on. */
  workspace: '/workspace',
  /** What the building gate has built: where the others begin. */
  build: '/var/lib/gates/build',
  /** What a gate finds again at its next run, and rebar3's own cache. */
  cache: '/var/lib/gates/cache',
  /** What gates leave behind. */
  evidence: '/var/lib/gates/evidence',
} as const

/** Name of the file in a gate's evidence that says which run it is from. */
export const runMark = '.run'

/** Variable that carries the id of a run into the container. */
export const runVariable = 'ERLMCP_RUN'

/** Where a project's runs leave their evidence, relative to its root. */
export const evidenceFolder = '.erlmcp/gates'

/** Where the runs of one set of gates leave theirs: of two sets, both have a gate `compile`. */
export function evidenceFolderOf(set: string): string {
  return set === 'gates' ? evidenceFolder : `${evidenceFolder}-${set}`
}
