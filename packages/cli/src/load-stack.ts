import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isStack, isUserError, locationOf, type Stack, UserError } from '@erlmcp/core'

/** A stack and where it came from. */
export interface Loaded {
  readonly stack: Stack
  /** Absolute path of its file. */
  readonly file: string
  /** Folder of the file: the project, unless another is asked for. */
  readonly folder: string
}

const names = ['stack.ts', 'stack.mts', 'stack.js', 'stack.mjs']

/**
 * Runs a stack's file, TypeScript or JavaScript, and takes its default export.
 *
 * @throws UserError for whatever is wrong with the file, with the place in it
 */
export async function loadStack(name: string | undefined): Promise<Loaded> {
  const file = findFile(name)
  const module = await guarded(file, () => importFile(file))
  const stack = exportOf(module)
  if (!isStack(stack)) throw noStack(file, module)
  return { stack, file, folder: dirname(file) }
}

function findFile(name: string | undefined): string {
  const tried = name === undefined ? names : [name]
  const found = tried.map((one) => resolve(one)).find(isFile)
  if (found !== undefined) return found
  if (name === undefined) {
    throw new UserError({
      what: `there is no stack here: none of ${names.join(', ')}`,
      help: 'Go to the folder of the stack, or name its file: erlmcp synth path/to/stack.ts',
    })
  }
  const folder = statSync(name, { throwIfNoEntry: false })?.isDirectory()
  throw new UserError({
    what: folder ? `${name} is a folder` : `there is no file ${name}`,
    help: `Name the file of the stack, as in ${folder ? `${name.replace(/\/$/, '')}/stack.ts` : 'stack.ts'}.`,
  })
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

async function importFile(file: string): Promise<Record<string, unknown>> {
  if (!/\.[cm]?ts$/.test(file)) return import(pathToFileURL(file).href)
  await importLanguages(file)
  // Origins are lines of the TypeScript, not of what it is compiled to.
  process.setSourceMapsEnabled(true)
  // A file of a package that does not say `"type": "module"` is loaded as CommonJS.
  const [esm, cjs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')])
  const unregister = [esm.register(), cjs.register()]
  try {
    // Node 20 cannot import what tsx makes of a `.cts` file; it can require it.
    if (file.endsWith('.cts')) return { default: createRequire(file)(file) }
    return await import(pathToFileURL(file).href)
  } finally {
    for (const undo of unregister) await undo()
  }
}

/**
 * Loads the packages of the stack's first lines before tsx is there, which would ask its worker
 * about each of their few hundred files. They are JavaScript already; it halves the time of all.
 */
async function importLanguages(file: string): Promise<void> {
  const { resolve: find } = createRequire(file)
  const imports = /\bfrom\s+['"](@erlmcp\/[\w/-]+)['"]/g
  for (const [, name] of readFileSync(file, 'utf8').matchAll(imports)) {
    try {
      await import(pathToFileURL(find(name!)).href)
    } catch {
      // What is wrong with it is said when the stack itself imports it.
    }
  }
}

/** Runs it so that it can neither end the program nor write into what a program reads. */
export async function guarded<Result>(
  file: string,
  load: () => Result | Promise<Result>,
): Promise<Result> {
  const { exit } = process
  let ended: UserError | undefined
  const { write } = process.stdout
  process.exit = (code) => {
    ended = new UserError({
      what: `${shown(file)} calls process.exit(${code ?? ''})`,
      help: 'Let the file end by itself: it describes the stack, and the command does the rest.',
    })
    throw ended
  }
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write
  try {
    const result = await load()
    // Also when the file has caught what `process.exit` threw.
    if (ended) throw ended
    return result
  } catch (error) {
    throw ended ?? inWords(file, error)
  } finally {
    process.exit = exit
    process.stdout.write = write
  }
}

/** The default export, also of a file that was compiled to CommonJS. */
function exportOf(module: Record<string, unknown>): unknown {
  const { default: value } = module
  const inner = (value as { default?: unknown } | null | undefined)?.default
  return isStack(inner) ? inner : value
}

function noStack(file: string, module: Record<string, unknown>): UserError {
  const other = Object.entries(module).find(([name, value]) => name !== 'default' && isStack(value))
  const what = 'default' in module ? 'the default export is no stack' : 'there is no default export'
  return new UserError({
    what: `${shown(file)}: ${what}`,
    help: other
      ? `Write \`export default ${other[0]}\`.`
      : "Write `export default stack('name', […])`.",
  })
}

function shown(file: string): string {
  return relative(process.cwd(), file) || file
}

/** What a person can do about it; their own stack trace tells them nothing about ours. */
function inWords(file: string, error: unknown): unknown {
  if (isUserError(error)) return error
  if (!(error instanceof Error)) {
    return new UserError({
      what: `${shown(file)} throws ${JSON.stringify(error) ?? String(error)}`,
      help: 'Throw an Error, so that its place is known.',
    })
  }
  const told = syntaxError(error) ?? missingModule(error)
  if (told) return told
  return isTheirs(error) ? thrown(file, error) : error
}

/**
 * Whether it was thrown by a person's code. Below it may be Node's own code, but when it is ours,
 * then the bug is ours too. A file that cannot even be linked has no frame at all.
 */
function isTheirs(error: Error): boolean {
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  if (frames[0]?.includes('node:internal/modules/')) return true
  const first = frames.find((line) => !/node:|<anonymous>\)?$/.test(line))
  return first === undefined || locationOf({ stack: first }) !== undefined
}

// esbuild, which tsx compiles with, says `<file>:<line>:<column>: ERROR: <message>`.
function syntaxError(error: Error): UserError | undefined {
  const match = /^(.+):(\d+):(\d+): ERROR: (.+)$/m.exec(error.message)
  if (!match) return undefined
  const [, file, line, column, message] = match
  const text = readFileSync(file!, 'utf8').split('\n')[Number(line) - 1] ?? ''
  return new UserError({
    what: message!,
    help: `${text}\n  ${' '.repeat(Number(column))}^`,
    location: { file: shown(file!), line: Number(line), column: Number(column) + 1 },
  })
}

function missingModule(error: Error): UserError | undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return undefined
  // Node says it in one way for ES modules, and in another for CommonJS.
  const missing =
    /Cannot find (?:package|module) '([^']+)'(?: imported from (.+)|\nRequire stack:\n- (.+))/
  const match = missing.exec(error.message)
  if (!match) return undefined
  const [, name, imported, required] = match
  const from = imported ?? required
  const own = /^[./]/.test(name!)
  return new UserError({
    what: `${shown(from!)} imports ${own ? shown(name!) : name}, which is not there`,
    help: own ? 'Check the path; it needs its extension.' : `Install it: npm i ${name}`,
    kind: own ? 'input' : 'environment',
  })
}

function thrown(file: string, error: Error): UserError {
  const location = locationOf(error)
  return new UserError({
    what: `${shown(file)} throws ${error.name}: ${error.message}`,
    help: 'Mend the file; nothing was written.',
    ...(location && { location: { ...location, file: shown(location.file) } }),
  })
}
