import { existsSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import { readRegularFile } from '../read-text.ts'
import { shellWord } from '../shell.ts'
import { pathBetween } from './repository.ts'

/**
 * How a project is worked with, for files that run its commands, such as workflows. Paths are
 * relative to the root of the repository, and '' where they are it.
 */
export interface ProjectContext {
  /** Folder of the stack. */
  readonly folder: string
  /** Folder that the project's packages are installed in, and its commands run in. */
  readonly workingDirectory: string
  /** Installs the packages as they are locked: `npm ci`. */
  readonly install: string
  /** Runs erlmcp: `npx erlmcp`. */
  readonly erlmcp: string
  /** What names the stack to erlmcp, from the working directory; '' where it is found by itself. */
  readonly stack: string
  /** Lines of shell that fail when the files are not what the stack makes. */
  readonly check: string
}

/** A project of npm whose stack is `stack.ts` at the root of its repository. */
export const defaultProject: ProjectContext = Object.freeze({
  folder: '',
  workingDirectory: '',
  install: 'npm ci',
  erlmcp: 'npx erlmcp',
  stack: '',
  check: 'npx erlmcp check --format github',
})

/** What a package manager does in CI. */
export interface PackageManager {
  /** Its lock files. */
  readonly locks: readonly string[]
  /** Installs what is locked, and nothing else. */
  readonly install: string
  /** Runs a program of the project's packages. */
  readonly exec: string
}

/** In the order in which their lock files are looked for. Runners have npm and Yarn 1. */
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
 * The package manager of a folder by the nearest lock file, up to the root of the repository; npm
 * where none has one.
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

/** Files that erlmcp finds by itself. */
export const stackFiles = ['stack.ts', 'stack.mts', 'stack.js', 'stack.mjs'] as const

/**
 * How the project of a folder is worked with, by its package.json and its lock file.
 *
 * @param root folder of the stack
 * @param top root of the repository
 * @param source the stack's file, relative to its folder
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
