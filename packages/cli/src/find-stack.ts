import { existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathBetween, stackFiles, UserError } from '@erlmcp/core'
import { shown } from './mistake.ts'

/** Where a stack is described. */
export interface StackFile {
  /** Absolute path. */
  readonly file: string
  /** Folder of the projen project that the file describes; undefined where it is none. */
  readonly projen?: string
  /** One of the stacks in it: `.projenrc.ts#shop`. */
  readonly name?: string
}

/** Files that describe a projen project, in the order in which they are looked for. */
const projenFiles = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((end) => `.projenrc.${end}`)

/**
 * The file of the stack: the one that is named, or the projen project that has stacks, or `stack.ts`.
 *
 * @throws UserError when there is none
 */
export function findStack(name: string | undefined): StackFile {
  if (name !== undefined) return named(name)
  const here = projenIn(process.cwd())
  if (here && hasStacks(here)) return here
  const found = stackFiles.map((one) => resolve(one)).find((one) => statOf(one)?.isFile())
  if (found !== undefined) return { file: found }
  const projen = here ?? (existsSync('.projen') ? projenAbove(process.cwd()) : undefined)
  if (projen && hasStacks(projen)) return projen
  throw noFile(undefined, projen?.file)
}

function named(name: string): StackFile {
  const [, file, one] = /^(.+\.[cm]?[jt]s)#(.+)$/.exec(name) ?? []
  const given = file !== undefined && !statOf(name)?.isFile() ? file : name
  const found = resolve(given)
  if (!statOf(given)?.isFile()) throw noFile(given)
  if (!/\.[cm]?[jt]s$/.test(found)) {
    throw new UserError({
      message: `${shown(found)} is neither TypeScript nor JavaScript`,
      hint: 'Name the file of the stack, as in stack.ts.',
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

/** What projen runs in a folder: the file of its default task, or one of the usual name. */
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
  const text = readIfThere(join(folder, '.projen', 'tasks.json'))
  const task = /"default": \{[\s\S]*?"steps": \[([\s\S]*?)\n {6}\]/.exec(text ?? '')?.[1] ?? ''
  return [...task.matchAll(/[\w./-]+\.[cm]?[jt]s\b/g)].map(([file]) => file).reverse()
}

/**
 * Whether the project has stacks in it, without running it: projen would write. The manifest of an
 * earlier run says it, or the file itself, or what it is made of.
 */
function hasStacks({ file, projen: folder }: ProjenFile): boolean {
  const manifest = readIfThere(join(folder, '.erlmcp', 'manifest.json')) ?? ''
  if (manifest.includes(`${JSON.stringify(pathBetween(folder, file))}: {`)) return true
  const parts = join(folder, 'projenrc')
  const others = existsSync(parts) ? readdirSync(parts).map((one) => join(parts, one)) : []
  return [file, ...others].some((one) => readIfThere(one)?.includes('@erlmcp/projen'))
}

function readIfThere(file: string): string | undefined {
  return statOf(file)?.isFile() ? orUnreadable(file, () => readFileSync(file, 'utf8')) : undefined
}

function noFile(name: string | undefined, projen?: string): UserError {
  if (name === undefined) {
    return new UserError({
      message:
        `there is no stack here: none of ${stackFiles.join(', ')}` +
        (projen === undefined ? '' : `, and ${shown(projen)} makes no ErlmcpStack`),
      hint:
        projen === undefined
          ? 'Go to the folder of the stack, or name its file: erlmcp synth path/to/stack.ts'
          : `Add \`new ErlmcpStack(project, stack('name', […]))\` of @erlmcp/projen to it. Where another file does, run \`npx projen\` once.`,
    })
  }
  const folder = statOf(name)?.isDirectory()
  return new UserError({
    message: folder ? `${name} is a folder` : `there is no file ${name}`,
    hint: `Name the file of the stack, as in ${folder ? `${name.replace(/\/$/, '')}/stack.ts` : 'stack.ts'}.`,
  })
}

// What is no path at all: through a file, in a circle of links, longer than a path can be.
const nowhere = new Set(['ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

function statOf(path: string): Stats | undefined {
  return orUnreadable(path, () => {
    try {
      return statSync(path, { throwIfNoEntry: false })
    } catch (error) {
      if (nowhere.has((error as NodeJS.ErrnoException).code ?? '')) return undefined
      throw error
    }
  })
}

/** @throws UserError for what this user may not read */
function orUnreadable<Result>(path: string, look: () => Result): Result {
  try {
    return look()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    throw new UserError({
      message: `you may not read ${shown(path)}`,
      hint: 'Change its owner or mode, or that of its folder.',
      kind: 'environment',
    })
  }
}
