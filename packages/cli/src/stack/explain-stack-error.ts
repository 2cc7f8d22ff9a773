import { readFileSync } from 'node:fs'
import { isUserError, type Location, locationOf, UserError } from '@erlmcp/core'
import { displayLocation, displayPath } from '../report/path.ts'
import { readThrown, type Thrown } from './thrown.ts'

/**
 * Turns what a stack throws into a UserError: its own stack trace would show our code.
 *
 * @param file of the stack, if it is known
 * @returns the same error if it is our bug
 */
export function explainStackError(file: string | undefined, error: unknown): unknown {
  if (isUserError(error)) return error
  const name = file === undefined ? 'the stack' : displayPath(file)
  const thrown = readThrown(error)
  if (!thrown.isError) {
    return new UserError({
      message: `${name} throws ${thrown.message}`,
      hint: 'Throw an Error, which has a location.',
    })
  }
  const loading = syntaxError(thrown) ?? missingModule(thrown) ?? invalidManifest(thrown)
  if (loading) return loading
  if (isOfUser(thrown)) return thrownError(name, thrown)
  const limit = limitError(name, thrown)
  if (limit) return limit
  return thrown.name === 'TypeError' ? wrongType(name, thrown) : error
}

/** The frames of the trace, without its message. */
function framesOf({ stack }: Thrown): string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line))
}

/**
 * Whether code of the user threw it, directly or through code of Node. A file that cannot be linked
 * has no frame.
 */
function isOfUser(thrown: Thrown): boolean {
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
    message: isModule
      ? '`await` is used at the top level of a file that is not an ES module'
      : message!,
    hint: `${text}\n  ${' '.repeat(Number(column))}^${isModule ? `\n  ${moduleHint}` : ''}`,
    location: { file: displayPath(file!), line: Number(line), column: Number(column) + 1 },
  })
}

const moduleHint = 'Name it .mts, or write `"type": "module"` in package.json.'

function missingModule(error: Thrown): UserError | undefined {
  const { code } = error
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return undefined
  // The messages of ES modules and of CommonJS differ.
  const missing =
    /Cannot find (?:package|module) '([^']+)'(?: imported from (.+)|\nRequire stack:\n- (.+))/
  const match = missing.exec(error.message)
  if (!match) return undefined
  const [, name, imported, required] = match
  const from = imported ?? required
  const own = /^[./]/.test(name!)
  return new UserError({
    message: `${displayPath(from!)} imports ${own ? displayPath(name!) : name}, which does not exist`,
    hint: own ? 'Check the path, which needs its extension.' : installHint(name!),
    kind: own ? 'input' : 'environment',
  })
}

// tsx reads each package.json above a file, and reports only its path.
function invalidManifest({ message }: Thrown): UserError | undefined {
  const file = /^Error parsing: (.+package\.json)$/m.exec(message)?.[1]
  if (file === undefined) return undefined
  return new UserError({
    message: `${displayPath(file)} is not JSON`,
    hint: 'Fix its syntax; `npm pkg get` shows the error.',
  })
}

function installHint(name: string): string {
  // The command has no package of its name, which another author may own.
  if (name === 'erlmcp')
    return 'The packages are named @erlmcp/core, @erlmcp/compose, @erlmcp/dockerfile, @erlmcp/erlang.'
  return `Install it: npm i ${name}`
}

function thrownError(name: string, error: Thrown): UserError {
  return new UserError({
    message: `${name} throws ${error.name}: ${withImportedNames(error.message)}`,
    hint: 'Fix the file, and run the command again.',
    location: placeOf(error),
  })
}

/** In compiled CommonJS an imported `f` is called as `(0, import_x.f)`. */
function withImportedNames(message: string): string {
  return message.replaceAll(/\(0 ?, ?import_\w+\.([\w$]+)\)/g, '$1')
}

/** Limits of V8 that data of the stack exceeds in our code: recursion, and the length of a string. */
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
      ? `${name} generates a file that is too large`
      : `${name} has data that is circular, or nested or chained thousands deep`,
    hint: isLong ? 'Reduce its data.' : 'Remove the circular reference, or shorten the chain.',
    location: placeOf(error),
  })
}

/**
 * Our code failed on a value that the types reject. As the stack runs without being type-checked, that
 * is likelier than a bug; the hint names the line of our code for the report of one.
 */
function wrongType(name: string, error: Thrown): UserError {
  const ours = /(@erlmcp\/|packages\/)?([^/()]+\/dist\/[^()]+:\d+):\d+\)?$/.exec(
    framesOf(error)[0] ?? '',
  )
  return new UserError({
    message: `${name} passes a value of the wrong type`,
    hint: `Run \`npx tsc --noEmit --ignoreConfig ${name}\`, which finds it. If it finds nothing, report a bug of erlmcp${ours ? `, at ${ours[2]}` : ''}.`,
    location: placeOf(error),
  })
}

function placeOf({ stack }: Thrown): Location | undefined {
  return displayLocation(locationOf({ stack }))
}
