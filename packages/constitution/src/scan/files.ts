import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path'
import { gitOutput, UserError } from '@erlmcp/core'
import { isKeyed } from './keyed-texts.ts'

export type FileKind = 'workflow' | 'makefile' | 'script' | 'package' | 'keyed' | 'list'

/** A file that runs commands on a host. */
export interface HostPath {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly kind: FileKind
}

/** Never a person's own. */
const left = new Set(['.git', '.erlmcp', 'node_modules', '_build', '_checkouts', 'deps', 'dist'])

/**
 * The files below a folder that run commands on a host: workflows, composite actions, Makefiles,
 * shell scripts and `package.json`. In a git repository those that it ignores are left out.
 */
export function hostPaths(root: string): HostPath[] {
  const paths = gitPaths(root) ?? walk(root)
  const hooks = hooksFolder(root)
  return paths
    .filter((path) => !path.split('/').some((part) => left.has(part)))
    .flatMap((path) => {
      const kind = kindOf(root, path, hooks)
      return kind ? [{ path, kind }] : []
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * A file that a person named.
 *
 * @throws UserError when it is not there, or of no kind that can be read
 */
export function namedPaths(root: string, name: string): HostPath[] {
  const path = relative(root, resolve(root, name)).split(sep).join('/') || '.'
  const stat = lstatSync(join(root, path), { throwIfNoEntry: false })
  if (!stat)
    throw new UserError({ message: `there is no ${name}`, hint: 'Look at how it is spelt.' })
  if (stat.isDirectory()) {
    return hostPaths(join(root, path)).map((one) => ({
      ...one,
      path: path === '.' ? one.path : `${path}/${one.path}`,
    }))
  }
  const kind = kindOf(root, path) ?? (/\.ya?ml$/.test(path) ? 'workflow' : undefined)
  if (kind) return [{ path, kind }]
  throw new UserError({
    message: `${name} is no workflow, Makefile, shell script or package.json`,
    hint: 'Scripts are known by their ending (.sh) or by their first line (#!/bin/sh).',
  })
}

/** What a folder of hooks is called; git is told of it, hence its files need no first line. */
const hookFolder = /^(?:\.husky|\.?githooks?|\.?git-hooks|hooks)$/

const hookName =
  /^(?:applypatch-msg|pre-applypatch|post-applypatch|pre-commit|pre-merge-commit|prepare-commit-msg|commit-msg|post-commit|pre-rebase|post-checkout|post-merge|pre-push|pre-receive|update|post-update|post-rewrite|pre-auto-gc|sendemail-validate)(?:\.\w[\w-]*)?$/

/** Files that a shell reads when it starts, and that of direnv. */
const startFile =
  /^\.(?:envrc|profile|bashrc|bash_(?:profile|login|logout|aliases)|zshrc|zshenv|zprofile|kshrc)$/

function kindOf(root: string, path: string, hooks?: string): FileKind | undefined {
  const name = basename(path)
  if (/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return 'workflow'
  if (/^action\.ya?ml$/.test(name)) return 'workflow'
  if (name === 'package.json') return 'package'
  if (isKeyed(path)) return 'keyed'
  if (/^(?:Procfile(?:\.\w+)?|\.?[Jj]ustfile)$/.test(name)) return 'list'
  // Other people's, and the same in every project that has it.
  if (name === 'erlang.mk') return undefined
  if (/^(?:GNUm|[mM])akefile(?:\..+)?$|\.mk$/.test(name)) return 'makefile'
  if (/\.(?:sh|bash|ksh|zsh|bats)$/.test(name) || startFile.test(name)) return 'script'
  const folder = dirname(path)
  const isHook = hookFolder.test(basename(folder)) && hookName.test(name)
  if (isHook || (hooks !== undefined && folder === hooks)) return kindByContent(root, path)
  const mayBeScript = extname(name) === '' || name.startsWith('.')
  return mayBeScript && interpreterOf(root, path) ? kindByContent(root, path) : undefined
}

/**
 * How a file is read that something runs: by its first line, and by a shell where it has none, as
 * the shell itself does. Undefined for other languages and for binary files.
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

/** The program that the first line of a file names, behind `env` and `busybox`. */
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

/** Where git looks for hooks, when that is in the project: `core.hooksPath`. */
function hooksFolder(root: string): string | undefined {
  const configured = gitOutput(root, 'config', '--get', 'core.hooksPath')
  if (configured === undefined) return undefined
  const path = relative(root, resolve(root, configured)).split(sep).join('/')
  return path === '' || path.startsWith('..') ? undefined : path
}

function gitPaths(root: string): string[] | undefined {
  const listed = gitOutput(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
  if (listed === undefined) return undefined
  const paths = new Set(listed.split('\0').filter(Boolean))
  return [...paths].filter((path) => existsSync(join(root, path)))
}

function walk(root: string): string[] {
  const paths: string[] = []
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory() && !left.has(entry.name)) visit(path)
      else if (entry.isFile()) paths.push(path)
    }
  }
  visit('')
  return paths
}
