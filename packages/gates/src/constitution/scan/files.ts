import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { basename, extname, join, relative, resolve, sep } from 'node:path'
import { UserError } from '@erlmcp/core'

export type FileKind = 'workflow' | 'makefile' | 'script' | 'package'

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
  return paths
    .filter((path) => !path.split('/').some((part) => left.has(part)))
    .flatMap((path) => {
      const kind = kindOf(root, path)
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
  if (!stat) throw new UserError({ what: `there is no ${name}`, help: 'Look at how it is spelt.' })
  if (stat.isDirectory()) {
    return hostPaths(join(root, path)).map((one) => ({
      ...one,
      path: path === '.' ? one.path : `${path}/${one.path}`,
    }))
  }
  const kind = /\.ya?ml$/.test(path) ? 'workflow' : kindOf(root, path)
  if (kind) return [{ path, kind }]
  throw new UserError({
    what: `${name} is no workflow, Makefile, shell script or package.json`,
    help: 'Scripts are known by their ending (.sh) or by their first line (#!/bin/sh).',
  })
}

function kindOf(root: string, path: string): FileKind | undefined {
  const name = basename(path)
  if (/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return 'workflow'
  if (/^action\.ya?ml$/.test(name)) return 'workflow'
  if (name === 'package.json') return 'package'
  // Other people's, and the same in every project that has it.
  if (name === 'erlang.mk') return undefined
  if (/^(?:GNUm|[mM])akefile(?:\..+)?$|\.mk$/.test(name)) return 'makefile'
  if (/\.(?:sh|bash|ksh)$/.test(name)) return 'script'
  const mayBeScript = extname(name) === '' || name.startsWith('.')
  return mayBeScript && isShellScript(join(root, path)) ? 'script' : undefined
}

function isShellScript(file: string): boolean {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return false
  const bytes = Buffer.alloc(64)
  const open = openSync(file, 'r')
  try {
    const length = readSync(open, bytes)
    return /^#! *\S*(?:\/| )(?:env +(?:-S +)?)?(?:ba|da|a|k|z)?sh\b/.test(
      bytes.toString('latin1', 0, length),
    )
  } finally {
    closeSync(open)
  }
}

function gitPaths(root: string): string[] | undefined {
  const argv = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { status, stdout } = spawnSync('git', argv, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  if (status !== 0) return undefined
  const paths = new Set(stdout.split('\0').filter(Boolean))
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
