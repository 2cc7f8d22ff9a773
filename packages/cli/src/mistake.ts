import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { isUserError, type Location, locationOf, UserError } from '@erlmcp/core'
import { readThrown, type Thrown } from './thrown.ts'

/** A path as a person would type it. */
export function shown(file: string): string {
  return relative(process.cwd(), file) || file
}

/** The same place, its file as a person would type it. */
export function nearby(place: Location | undefined): Location | undefined {
  return place && { ...place, file: shown(place.file) }
}

/**
 * What a person can do about what their stack throws; their own stack trace tells them nothing
 * about ours.
 *
 * @param file of the stack, where it is known
 * @returns the same error when it is our bug
 */
export function inWords(file: string | undefined, error: unknown): unknown {
  if (isUserError(error)) return error
  const name = file === undefined ? 'the stack' : shown(file)
  const thrown = readThrown(error)
  if (!thrown.isError) {
    return new UserError({
      message: `${name} throws ${thrown.message}`,
      hint: 'Throw an Error, so that its place is known.',
    })
  }
  const told = syntaxError(thrown) ?? missingModule(thrown) ?? damagedManifest(thrown)
  if (told) return told
  if (isTheirs(thrown)) return thrownError(name, thrown)
  const limit = limitError(name, thrown)
  if (limit) return limit
  return thrown.name === 'TypeError' ? unfit(name, thrown) : error
}

/** The frames of the trace, without its message. */
function framesOf({ stack }: Thrown): string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line))
}

/**
 * Whether it was thrown by a user's code. Below it may be Node's own code, but when it is ours,
 * then the bug is ours too. A file that cannot even be linked has no frame at all.
 */
function isTheirs(thrown: Thrown): boolean {
  const frames = framesOf(thrown)
  if (frames[0]?.includes('node:internal/modules/')) return true
  const first = frames.find((line) => !/node:|<anonymous>\)?$/.test(line))
  return first === undefined || locationOf({ stack: first }) !== undefined
}

// esbuild, which tsx compiles with, says `<file>:<line>:<column>: ERROR: <message>`.
function syntaxError(error: Thrown): UserError | undefined {
  const match = /^(.+):(\d+):(\d+): ERROR: (.+)$/m.exec(error.message)
  if (!match) return undefined
  const [, file, line, column, message] = match
  const text = readFileSync(file!, 'utf8').split('\n')[Number(line) - 1] ?? ''
  const isModule = /"cjs" output format/.test(message!)
  return new UserError({
    message: isModule ? '`await` stands at the top level of a file that is no ES module' : message!,
    hint: `${text}\n  ${' '.repeat(Number(column))}^${isModule ? `\n  ${moduleHelp}` : ''}`,
    location: { file: shown(file!), line: Number(line), column: Number(column) + 1 },
  })
}

const moduleHelp = 'Name it .mts, or write `"type": "module"` in package.json.'

function missingModule(error: Thrown): UserError | undefined {
  const { code } = error
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
    message: `${shown(from!)} imports ${own ? shown(name!) : name}, which is not there`,
    hint: own ? 'Check the path; it needs its extension.' : howToInstall(name!),
    kind: own ? 'input' : 'environment',
  })
}

// tsx reads each package.json above a file, and says no more than where it is.
function damagedManifest({ message }: Thrown): UserError | undefined {
  const file = /^Error parsing: (.+package\.json)$/m.exec(message)?.[1]
  if (file === undefined) return undefined
  return new UserError({
    message: `${shown(file)} is not JSON`,
    hint: 'Mend it; `npm pkg get` says what is wrong with it.',
  })
}

function howToInstall(name: string): string {
  // The command is not a package of its own, and somebody else may have taken its name.
  if (name === 'erlmcp')
    return 'The packages are named @erlmcp/core, @erlmcp/compose, @erlmcp/dockerfile, @erlmcp/erlang.'
  return `Install it: npm i ${name}`
}

function thrownError(name: string, error: Thrown): UserError {
  return new UserError({
    message: `${name} throws ${error.name}: ${inTheirNames(error.message)}`,
    hint: 'Fix the file, and run the command again.',
    location: shownPlace(error),
  })
}

/** Compiled to CommonJS, an imported `f` is called as `(0, import_x.f)`. */
function inTheirNames(message: string): string {
  return message.replaceAll(/\(0 ?, ?import_\w+\.([\w$]+)\)/g, '$1')
}

/**
 * Data that contains itself, nests or is chained thousands deep, or makes a text that is longer
 * than a text can be: V8's own limits, met in our code by what the stack says.
 */
function limitError(name: string, error: Thrown): UserError | undefined {
  const { message } = error
  const isDeep = /^Maximum call stack size exceeded/.test(message)
  const isCyclic = /circular structure/.test(message)
  const isLong = /^Invalid (string|array|typed array) length|^Cannot create a string longer/.test(
    message,
  )
  if (!isDeep && !isCyclic && !isLong) return undefined
  return new UserError({
    message: isLong
      ? `${name} makes a file that is too large`
      : `${name} has data that contains itself, or is nested or chained thousands deep`,
    hint: isLong
      ? 'Make its data smaller.'
      : 'Remove the circular reference, or shorten the chain.',
    location: shownPlace(error),
  })
}

/**
 * Our code fell over a value that the types would have refused. The stack runs without being
 * compiled, so that is likelier than a bug; the place in our code is told in case it is one.
 */
function unfit(name: string, error: Thrown): UserError {
  const ours = /(@erlmcp\/|packages\/)?([^/()]+\/dist\/[^()]+:\d+):\d+\)?$/.exec(
    framesOf(error)[0] ?? '',
  )
  return new UserError({
    message: `${name} gives a value of the wrong type: the compiler was not asked`,
    hint: `\`npx tsc --noEmit --ignoreConfig ${name}\` says which. If it finds nothing, please report a bug of erlmcp${ours ? `, at ${ours[2]}` : ''}.`,
    location: shownPlace(error),
  })
}

function shownPlace({ stack }: Thrown): Location | undefined {
  return nearby(locationOf({ stack }))
}
