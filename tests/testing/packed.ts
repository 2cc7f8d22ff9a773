import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { oneAtATime } from '@erlmcp/testkit'

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
export async function installPacked(others: readonly string[]): Promise<string> {
  const tarballs = await pack()
  const home = mkdtempSync(join(tmpdir(), 'erlmcp-outside-'))
  writeFileSync(join(home, 'package.json'), '{"name":"outside","private":true}')
  runIn(home, 'npm', 'i', '--no-audit', '--no-fund', '--prefer-offline', ...others, ...tarballs)
  return home
}

/** Packs the packages once for all test files: until one of their files changes. */
function pack(): Promise<readonly string[]> {
  return oneAtATime('pack', async () => {
    const cache = join(root, 'node_modules/.cache/packed')
    const folder = join(cache, contentHash())
    if (!existsSync(folder)) {
      const unfinished = join(cache, 'unfinished')
      rmSync(cache, { recursive: true, force: true })
      const filters = publishedPackages.flatMap((name) => ['--filter', `./packages/${name}`])
      const command = ['pack', '--pack-destination', unfinished]
      runIn(root, 'npx', '--yes', packageManager, '--recursive', ...filters, ...command)
      renameSync(unfinished, folder)
    }
    const tarballs = readdirSync(folder)
    if (tarballs.length !== publishedPackages.length) {
      throw new Error(`expected ${publishedPackages.length} tarballs, got ${tarballs.length}`)
    }
    return tarballs.map((name) => join(folder, name))
  })
}

/** Of all that may be in a tarball. */
function contentHash(): string {
  const hash = createHash('sha256')
  for (const name of publishedPackages) {
    const folder = join(root, 'packages', name)
    const own = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
    const built = readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true })
    for (const entry of [...own, ...built.filter((one) => one.isFile())]) {
      const path = join(entry.parentPath, entry.name)
      hash.update(`${path}\n`).update(readFileSync(path))
    }
  }
  return hash.digest('hex').slice(0, 16)
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
