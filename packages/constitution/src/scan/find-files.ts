import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { gitOutput, UserError } from '@erlmcp/core'
import { isKeyedFile } from './texts/keyed-file.ts'

export type FileKind = 'workflow' | 'makefile' | 'script' | 'package' | 'keyed' | 'lines'

/** A file that runs commands on a host. */
export interface ScannedFile {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly kind: FileKind
}

/** Folders that hold generated or third-party files. */
const skippedFolders = new Set([
  '.git',
  '.erlmcp',
  'node_modules',
  '_build',
  '_checkouts',
  'deps',
  'dist',
])

/**
 * Finds the files below a folder that run commands on a host: workflows, composite actions,
 * Makefiles, shell scripts and `package.json`. Files that git ignores are left out.
 */
export function findFiles(root: string): ScannedFile[] {
  const paths = pathsOfGit(root) ?? pathsBelow(root)
  const hooks = hooksFolder(root)
  return paths
    .filter((path) => !path.split('/').some((part) => skippedFolders.has(part)))
    .flatMap((path) => {
      const kind = kindOf(root, path, hooks)
      return kind ? [{ path, kind }] : []
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * The file of a path, or the files below a folder.
 *
 * @throws UserError when the path does not exist, or the file runs no commands
 */
export function filesAt(root: string, name: string): ScannedFile[] {
  const path = relative(root, resolve(root, name)).split(sep).join('/') || '.'
  const stat = lstatSync(join(root, path), { throwIfNoEntry: false })
  if (!stat)
    throw new UserError({
      message: `${name} does not exist`,
      hint: 'Check the spelling of the path.',
    })
  if (stat.isDirectory()) {
    return findFiles(join(root, path)).map((one) => ({
      ...one,
      path: path === '.' ? one.path : `${path}/${one.path}`,
    }))
  }
  const kind = kindOf(root, path) ?? (/\.ya?ml$/.test(path) ? 'workflow' : undefined)
  if (kind) return [{ path, kind }]
  throw new UserError({
    message: `${name}: expected a workflow, Makefile, shell script or package.json`,
    hint: 'Name a script with the extension .sh, or begin it with #!/bin/sh.',
  })
}

/** Usual folders of git hooks. Git runs their files also without a `#!` line. */
const hookFolder = /^(?:\.husky|\.?githooks?|\.?git-hooks|hooks)$/

const hookName =
  /^(?:applypatch-msg|pre-applypatch|post-applypatch|pre-commit|pre-merge-commit|prepare-commit-msg|commit-msg|post-commit|pre-rebase|post-checkout|post-merge|pre-push|pre-receive|update|post-update|post-rewrite|pre-auto-gc|sendemail-validate)(?:\.\w[\w-]*)?$/

/** Start files of shells, and the file of direnv. */
const startFile =
  /^\.(?:envrc|profile|bashrc|bash_(?:profile|login|logout|aliases)|zshrc|zshenv|zprofile|kshrc)$/

function kindOf(root: string, path: string, configuredHooks?: string): FileKind | undefined {
  const name = basename(path)
  if (/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return 'workflow'
  if (/^action\.ya?ml$/.test(name)) return 'workflow'
  if (name === 'package.json') return 'package'
  if (isKeyedFile(path)) return 'keyed'
  if (/^(?:Procfile(?:\.\w+)?|\.?[Jj]ustfile)$/.test(name)) return 'lines'
  // Third-party, and the same in every project.
  if (name === 'erlang.mk') return undefined
  if (/^(?:GNUm|[mM])akefile(?:\..+)?$|\.mk$/.test(name)) return 'makefile'
  if (/\.(?:sh|bash|ksh|zsh|bats)$/.test(name) || startFile.test(name)) return 'script'
  const folder = dirname(path)
  const isHook = hookFolder.test(basename(folder)) && hookName.test(name)
  if (isHook || (configuredHooks !== undefined && folder === configuredHooks))
    return kindByContent(root, path)
  const mayBeScript = extname(name) === '' || name.startsWith('.')
  return mayBeScript && interpreterOf(root, path) ? kindByContent(root, path) : undefined
}

/**
 * The kind of a file that a command runs, by its `#!` line. Without one a shell runs it. Undefined
 * for other languages and binary files.
 */
export function kindByContent(root: string, path: string): 'script' | 'makefile' | undefined {
  if (!lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile()) return undefined
  const head = headOf(join(root, path))
  if (head.includes('\0')) return undefined
  if (!head.startsWith('#!')) return 'script'
  const interpreter = interpreterOf(root, path)
  if (interpreter === 'make' || interpreter === 'gmake') return 'makefile'
  return /^(?:ba|da|a|k|z|mk|rba|ya)?sh$|^bats$/.test(interpreter ?? '') ? 'script' : undefined
}

/** The program of the `#!` line of a file, without `env` and `busybox`. */
export function interpreterOf(root: string, path: string): string | undefined {
  if (!lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile()) return undefined
  const line = /^#!(.*)/.exec(headOf(join(root, path)))?.[1]
  const words = line?.trim().split(/\s+/) ?? []
  const names = words.map((word) => word.replace(/^-\w*S/, '').replace(/^.*\//, ''))
  return names.find((name) => !/^(?:env|busybox|-.*|)$|=/.test(name))
}

function headOf(file: string): string {
  const bytes = Buffer.alloc(256)
  const open = openSync(file, 'r')
  try {
    return bytes.toString('latin1', 0, readSync(open, bytes))
  } finally {
    closeSync(open)
  }
}

/** The folder of `core.hooksPath`, when it is in the project. */
function hooksFolder(root: string): string | undefined {
  const configured = gitOutput(root, 'config', '--get', 'core.hooksPath')
  if (configured === undefined) return undefined
  const path = relative(root, resolve(root, configured)).split(sep).join('/')
  return path === '' || path.startsWith('..') ? undefined : path
}

function pathsOfGit(root: string): string[] | undefined {
  const listed = gitOutput(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
  if (listed === undefined) return undefined
  const paths = new Set(listed.split('\0').filter(Boolean))
  return [...paths].filter((path) => existsSync(join(root, path)))
}

function pathsBelow(root: string): string[] {
  const paths: string[] = []
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) visit(path)
      else if (entry.isFile()) paths.push(path)
    }
  }
  visit('')
  return paths
}
