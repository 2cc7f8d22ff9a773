import { chmodSync, cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
/** The reference deployment. */
export const example = join(root, 'examples/erlmcp')
/** The command, as it is built. */
export const cli = join(root, 'packages/cli/dist/main.js')

/** What its stores begin with, and run on where they are taken as they are. */
export const stores = ['postgres:17-trixie', 'redis:8-trixie']
/** What the images of the reference deployment begin with. */
export const bases = ['erlang:28.3.1-slim', 'debian:trixie-slim', ...stores]

const left = /(^|\/)(_build|node_modules)$|^backups$|^secrets\/[^.]|^\.erlmcp\/(?!manifest\.json$)/

/**
 * A copy of the reference deployment, as a clone has it: without what builds, gates, backups and
 * `secrets init` leave behind. It finds the packages where the example does.
 */
export function copyExample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-example-'))
  // The user of the dev container works in it, as in a checkout of the user.
  chmodSync(folder, 0o755)
  cpSync(example, folder, {
    recursive: true,
    filter: (path) => !left.test(relative(example, path)),
  })
  symlinkSync(join(example, 'node_modules'), join(folder, 'node_modules'))
  return folder
}
