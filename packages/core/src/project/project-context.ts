import { existsSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import { readRegularFile } from '../file/regular-file.ts'
import { shellWord } from '../text/shell-word.ts'
import { pathBetween } from './repository.ts'

/**
 * The commands of a project, for files that run them, such as workflows. Paths are relative to the
 * root of the repository, which is ''.
 */
export interface ProjectContext {
  /** Folder of the stack. */
  readonly folder: string
  /** Folder of package.json, where commands run. */
  readonly workingDirectory: string
  /** Installs the locked packages: `npm ci`. */
  readonly install: string
  /** Runs erlmcp: `npx erlmcp`. */
  readonly erlmcp: string
  /** The argument for erlmcp that names the stack; '' where erlmcp finds it. */
  readonly stack: string
  /** Shell lines that fail when the files differ from the stack. */
  readonly check: string
}

/** An npm project with `stack.ts` at the root of its repository. */
export const defaultProject: ProjectContext = Object.freeze({
  folder: '',
  workingDirectory: '',
  install: 'npm ci',
  erlmcp: 'npx erlmcp',
  stack: '',
  check: 'npx erlmcp check --format github',
})

/** The commands of a package manager in CI. */
export interface PackageManager {
  /** Its lock files. */
  readonly locks: readonly string[]
  /** Installs exactly the locked packages. */
  readonly install: string
  /** Runs a program of the project's packages. */
  readonly exec: string
}

/** In the order of their lock files' precedence. GitHub's runners have npm and Yarn 1. */
export const packageManagers = Object.freeze({
  npm: { locks: ['package-lock.json', 'npm-shrinkwrap.json'], install: 'npm ci', exec: 'npx' },
  pnpm: {
    locks: ['pnpm-lock.yaml'],
    install: 'corepack enable && pnpm install --frozen-lockfile',
    exec: 'pnpm exec',
  },
  yarn: { locks: ['yarn.lock'], install: 'yarn install --frozen-lockfile', exec: 'yarn' },
  yarnBerry: {
    locks: ['.yarnrc.yml'],
    install: 'corepack enable && yarn install --immutable',
    exec: 'yarn',
  },
  bun: {
    locks: ['bun.lock', 'bun.lockb'],
    install: 'npm install --global bun@1.4.5 && bun install --frozen-lockfile',
    exec: 'bunx',
  },
}) satisfies Readonly<Record<string, PackageManager>>

/**
 * The package manager by the nearest lock file, up to the root of the repository. Default: npm.
 */
export function packageManagerOf(folder: string, top: string = folder): PackageManager {
  const { npm, pnpm, yarn, yarnBerry, bun } = packageManagers
  for (const at of upward(folder, top)) {
    const has = ({ locks }: PackageManager) => locks.some((lock) => existsSync(join(at, lock)))
    const found = [yarnBerry, npm, pnpm, yarn, bun].find(has)
    if (found) return found === yarn && isBerry(join(at, 'yarn.lock')) ? yarnBerry : found
  }
  return npm
}

function* upward(folder: string, top: string): Iterable<string> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    yield at
    if (at === resolve(top) || at === dirname(at)) return
  }
}

function isBerry(lock: string): boolean {
  return /^__metadata:/m.test(readRegularFile(lock) ?? '')
}

/** Names of a stack file that erlmcp finds without an argument. */
export const stackFiles = ['stack.ts', 'stack.mts', 'stack.js', 'stack.mjs'] as const

/**
 * The commands of the project of a folder, by its package.json and its lock file.
 *
 * @param root folder of the stack
 * @param top root of the repository
 * @param source the file of the stack, relative to its folder
 */
export function projectContextOf(root: string, top: string, source: string): ProjectContext {
  const packages = packagesOf(root, top)
  const { install, exec } = packageManagerOf(packages, top)
  const erlmcp = `${exec} erlmcp`
  const stack = operandOf(pathBetween(packages, root), source)
  const named = stack === '' ? '' : ` ${stack}`
  return {
    folder: pathBetween(top, root),
    workingDirectory: pathBetween(top, packages),
    install,
    erlmcp,
    stack,
    check: `${erlmcp} check${named} --format github`,
  }
}

/** The nearest folder with a package.json, up to the root of the repository. */
function packagesOf(root: string, top: string): string {
  for (const at of upward(root, top)) if (existsSync(join(at, 'package.json'))) return at
  return resolve(root)
}

function operandOf(folder: string, source: string): string {
  if (folder === '' && stackFiles.some((name) => name === source)) return ''
  const file = shellWord(posix.join(folder, source))
  return source.includes('/') ? `${file} --out ${shellWord(folder || '.')}` : file
}
