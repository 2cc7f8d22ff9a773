/** Folders of the containers that gates run in. */
export const folders = {
  /** The sources, mounted read-only. */
  project: '/project',
  /** The copy of the sources that the gate works on. */
  workspace: '/workspace',
  /** The `_build` of the gate that builds, with which the others start. */
  build: '/var/lib/gates/build',
  /** The caches of the gates, and rebar3's own. */
  cache: '/var/lib/gates/cache',
  /** What gates leave behind. */
  evidence: '/var/lib/gates/evidence',
} as const

/** File in a gate's evidence that has the id of its run. */
export const runMark = '.run'

/** Variable that tells the script the id of the run. */
export const runVariable = 'ERLMCP_RUN'

/** Variable that tells the script the name of the gate. */
export const gateVariable = 'ERLMCP_GATE'

/** Folder of the evidence on the host, relative to the project. */
export const evidenceFolder = '.erlmcp/gates'

/** Folder of the evidence of one set: two sets may have gates of the same name. */
export function evidenceFolderOf(set: string): string {
  return set === 'gates' ? evidenceFolder : `${evidenceFolder}-${set}`
}
