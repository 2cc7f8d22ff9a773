import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { collectHosts, differences, preview, targetsOf } from '@erlmcp/core'
import { LogLevel } from 'projen'
import { afterEach, beforeEach, vi } from 'vitest'

/** The folder of the running test's project. */
export let outdir: string

/** Gives each test of the calling file an empty `outdir`, in which projen installs nothing. */
export function useProject(): void {
  beforeEach(() => {
    outdir = realpathSync(mkdtempSync(join(tmpdir(), 'erlmcp-projen-')))
    vi.stubEnv('PROJEN_DISABLE_POST', '1')
  })
  afterEach(() => {
    rmSync(outdir, { recursive: true })
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })
}

/** Options of every project here. */
export const quiet = () => ({ name: 'shop', outdir, logging: { level: LogLevel.OFF } })

export const read = (path: string) => readFileSync(join(outdir, path), 'utf8')
export const mode = (path: string) => statSync(join(outdir, path)).mode & 0o777

/** Every file of the project with its mode and text. */
export function tree() {
  const entries = readdirSync(outdir, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(outdir, join(entry.parentPath, entry.name)))
    .sort()
  return Object.fromEntries(paths.map((path) => [path, `${mode(path).toString(8)} ${read(path)}`]))
}

/** The host that `erlmcp` finds where it runs the file of the project. */
export async function hostOf(describe: () => unknown) {
  const [host] = await collectHosts(async () => describe())
  return host!
}

/** What `erlmcp check` says about the files: their paths and what is wrong with them. */
export async function checked(describe: () => unknown): Promise<string[]> {
  const targets = targetsOf((await hostOf(describe)).folders())
  const found = await Promise.all(
    targets.map(async ({ root, source, artifacts }) =>
      differences(await preview(root, artifacts, { source })),
    ),
  )
  return found.flat().map(({ path, message }) => `${path} ${message}`)
}
