import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** The folders under `packages` that are published. */
export const publishedPackages: readonly string[] = readdirSync(join(root, 'packages')).filter(
  (name) => {
    const manifest = join(root, 'packages', name, 'package.json')
    return existsSync(manifest) && !JSON.parse(readFileSync(manifest, 'utf8')).private
  },
)

/**
 * A folder outside this repository with what `npm i` installs there: every published package from its
 * tarball, and `others`, which are npm specifiers such as `tsx@4.23.15`. The caller removes the folder.
 *
 * @throws if a package cannot be packed or npm cannot install one of `others`
 */
export function installPacked(others: readonly string[]): string {
  const home = mkdtempSync(join(tmpdir(), 'erlmcp-outside-'))
  for (const name of publishedPackages) {
    const folder = join(root, 'packages', name)
    runIn(folder, 'npx', '--yes', packageManager, 'pack', '--pack-destination', home)
  }
  const tarballs = readdirSync(home).filter((name) => name.endsWith('.tgz'))
  if (tarballs.length !== publishedPackages.length) {
    throw new Error(`expected ${publishedPackages.length} tarballs, got ${tarballs.length}`)
  }
  writeFileSync(join(home, 'package.json'), '{"name":"outside","private":true}')
  runIn(home, 'npm', 'i', '--no-audit', '--no-fund', ...others, ...tarballs)
  return home
}

/** Runs a command there, without what the test run itself has in its environment, and returns its output. */
export function runIn(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 240_000,
    env: { ...process.env, PROJEN_DISABLE_POST: '1', CI: '1', NODE_OPTIONS: '' },
  })
}
