import { existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathBetween, stackFiles, UserError } from '@erlmcp/core'
import { displayPath } from '../report/path.ts'

/** The file of a stack. */
export interface StackFile {
  /** Absolute path. */
  readonly file: string
  /** Folder of the projen project that the file describes. */
  readonly projen?: string
  /** One of the stacks in it: `.projenrc.ts#shop`. */
  readonly name?: string
}

/** Files that describe a projen project, in the order of the search. */
const projenFiles = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((end) => `.projenrc.${end}`)

/**
 * The file of the stack: the one that is named, or the projen project that has stacks, or `stack.ts`.
 *
 * @throws UserError if it is missing
 */
export function findStack(name: string | undefined): StackFile {
  if (name !== undefined) return findNamed(name)
  const here = projenIn(process.cwd())
  if (here && hasStacks(here)) return here
  const found = stackFiles.map((one) => resolve(one)).find((one) => statOf(one)?.isFile())
  if (found !== undefined) return { file: found }
  const projen = here ?? (existsSync('.projen') ? projenAbove(process.cwd()) : undefined)
  if (projen && hasStacks(projen)) return projen
  throw noFile(undefined, projen?.file)
}

function findNamed(name: string): StackFile {
  const [, file, one] = /^(.+\.[cm]?[jt]s)#(.+)$/.exec(name) ?? []
  const given = file !== undefined && !statOf(name)?.isFile() ? file : name
  const found = resolve(given)
  if (!statOf(given)?.isFile()) throw noFile(given)
  if (!/\.[cm]?[jt]s$/.test(found)) {
    throw new UserError({
      message: `${displayPath(found)}: expected a TypeScript or JavaScript file`,
      hint: 'Name the file of the stack, such as stack.ts.',
    })
  }
  const projen = [process.cwd(), dirname(found)].find((folder) => projenIn(folder)?.file === found)
  return {
    file: found,
    ...(projen !== undefined && { projen }),
    ...(given !== name && { name: one! }),
  }
}

type ProjenFile = StackFile & { readonly projen: string }

/** The file that projen runs in a folder: that of its default task, or one of the usual names. */
function projenIn(folder: string): ProjenFile | undefined {
  const names = [...taskFiles(folder), ...projenFiles]
  const file = names.map((one) => join(folder, one)).find((one) => statOf(one)?.isFile())
  return file === undefined ? undefined : { file, projen: folder }
}

function projenAbove(folder: string): ProjenFile | undefined {
  const up = dirname(folder)
  if (up === folder) return undefined
  return (existsSync(join(up, '.projen')) ? projenIn(up) : undefined) ?? projenAbove(up)
}

function taskFiles(folder: string): readonly string[] {
  const text = readIfExists(join(folder, '.projen', 'tasks.json'))
  const task = /"default": \{[\s\S]*?"steps": \[([\s\S]*?)\n {6}\]/.exec(text ?? '')?.[1] ?? ''
  return [...task.matchAll(/[\w./-]+\.[cm]?[jt]s\b/g)].map(([file]) => file).reverse()
}

/**
 * Whether the project has stacks. It is not run, as projen would write: the manifest of an earlier run,
 * the file itself, or a file of projenrc tells.
 */
function hasStacks({ file, projen: folder }: ProjenFile): boolean {
  const manifest = readIfExists(join(folder, '.erlmcp', 'manifest.json')) ?? ''
  if (manifest.includes(`${JSON.stringify(pathBetween(folder, file))}: {`)) return true
  const parts = join(folder, 'projenrc')
  const others = existsSync(parts) ? readdirSync(parts).map((one) => join(parts, one)) : []
  return [file, ...others].some((one) => readIfExists(one)?.includes('@erlmcp/projen'))
}

function readIfExists(file: string): string | undefined {
  return statOf(file)?.isFile() ? orUnreadable(file, () => readFileSync(file, 'utf8')) : undefined
}

function noFile(name: string | undefined, projen?: string): UserError {
  if (name === undefined) {
    return new UserError({
      message:
        `missing stack: this folder has none of ${stackFiles.join(', ')}` +
        (projen === undefined ? '' : `, and ${displayPath(projen)} makes no ErlmcpStack`),
      hint:
        projen === undefined
          ? 'Change to the folder of the stack, or name its file: erlmcp synth path/to/stack.ts'
          : `Add \`new ErlmcpStack(project, stack('name', […]))\` of @erlmcp/projen to it. If another file does, run \`npx projen\` once.`,
    })
  }
  const folder = statOf(name)?.isDirectory()
  return new UserError({
    message: folder ? `${name} is a folder` : `${name} does not exist`,
    hint: `Name the file of the stack, such as ${folder ? `${name.replace(/\/$/, '')}/stack.ts` : 'stack.ts'}.`,
  })
}

// Paths that lead nowhere: through a file, in a circle of links, too long.
const invalidPath = new Set(['ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

function statOf(path: string): Stats | undefined {
  return orUnreadable(path, () => {
    try {
      return statSync(path, { throwIfNoEntry: false })
    } catch (error) {
      if (invalidPath.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
      throw error
    }
  })
}

/** @throws UserError if this user lacks the permission to read it */
function orUnreadable<Result>(path: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    throw new UserError({
      message: `${displayPath(path)}: permission denied`,
      hint: 'Change the owner or mode of the file or its folder.',
      kind: 'environment',
    })
  }
}
