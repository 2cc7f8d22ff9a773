import { withoutNul } from '../values/text-formats.ts'
import { asCount, asDuration, asSize } from './author.ts'
import {
  boolean,
  define,
  integer,
  integerOrString,
  list,
  map,
  nil,
  number,
  numberOrString,
  string,
  union,
  withFacts,
} from './define.ts'
import * as engine from './engine-formats.ts'
import * as format from './formats.ts'
import { hostName, pairName } from './key-formats.ts'

export const strings = list(string)
/** A list without duplicate items, as the schema wants it. */
export const distinct = withFacts(strings, { unique: 'always' })
/** The same, where Compose keeps the last of two before it validates. */
export const merged = withFacts(strings, { unique: 'swarm' })
/** One text or several. */
export const stringOrStrings = withFacts(union(string, distinct), { name: 'StringOrList' })
export const stringOrMerged = withFacts(union(string, merged), { name: 'StringOrList' })
const asWord = { author: { format: withoutNul } }
const word = withFacts(string, asWord)
/** A command as text or as a list of words; `null` keeps that of the image. */
export const command = withFacts(
  union(withFacts(string, { format: format.command, ...asWord }), list(word), nil),
  { name: 'Command' },
)
const value = union(word, number, boolean, nil)
const dict = withFacts(map(value), { author: { schema: map(value, pairName) } })
/** `KEY: value`, or the list form `- KEY=value`. A null value is taken from the shell. */
const listOrDict = { name: 'ListOrDict' } as const
export const pairs = withFacts(union(merged, dict), listOrDict)
/** Where duplicate items of the list form are not merged. */
export const distinctPairs = withFacts(union(distinct, dict), listOrDict)
/** A list whose items name variables, or an object. */
const variables = list(withFacts(string, { format: format.variable, ...asWord }))
export const environment = withFacts(
  union(withFacts(variables, { unique: 'swarm' }), dict),
  listOrDict,
)
/** The same of a hook, of which Compose merges nothing. */
export const hookEnvironment = withFacts(
  union(withFacts(variables, { unique: 'always' }), dict),
  listOrDict,
)
const hostAddress = withFacts(string, { format: engine.hostAddress })
/** Host names and their addresses: `{ host: ip }`, or the list form `- host=ip`. */
export const hosts = withFacts(
  union(
    withFacts(list(withFacts(string, { format: engine.extraHost })), { unique: 'always' }),
    map(union(hostAddress, withFacts(list(hostAddress), { unique: 'always' })), hostName),
  ),
  { name: 'ExtraHosts' },
)
/** Options of a driver. */
export const options = withFacts(map(numberOrString), { name: 'DriverOptions' })

export const size = withFacts(integerOrString, { format: format.size, ...asSize })
export const count = withFacts(integerOrString, { format: format.count, ...asCount })
export const wholeNumber = withFacts(integerOrString, { format: format.integer, ...asCount })
export const fraction = withFacts(numberOrString, { format: format.number, ...asCount })
/** Permission bits: a number as it is, text in octal. */
export const mode = withFacts(union(integer, withFacts(string, { format: format.octal })), {
  name: 'NumberLike',
})
export const duration = withFacts(string, { format: format.duration, ...asDuration })
/** `true`, `false`, or text that becomes one: `"${READ_ONLY:-true}"`. */
export const flag = withFacts(union(boolean, string), {
  name: 'BooleanLike',
  format: format.switchWord,
})
/** Soft and hard limits of a process (setrlimit(2)), by name: `nofile`, `nproc`, `memlock`. */
const limits = (name: string, one: typeof integerOrString | typeof number) =>
  map(
    withFacts(
      union(
        one,
        define(
          name,
          {
            /** Limit that the process may raise up to the hard one. */
            soft: one,
            /** Limit that only root may raise. */
            hard: one,
          },
          ['soft', 'hard'],
        ),
      ),
      { merge: 'replace' },
    ),
  )
export const ulimits = withFacts(limits('Ulimit', wholeNumber), { name: 'Ulimits' })
/** Of a build, where no variable is accepted. */
export const buildUlimits = limits('BuildUlimit', withFacts(number, { format: format.integer }))
