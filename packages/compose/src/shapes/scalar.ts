import { command } from '../command-line.ts'
import type { Ulimit } from '../document.ts'
import * as engine from '../engine-forms.ts'
import * as form from '../form.ts'
import {
  amount,
  either,
  fields,
  list,
  map,
  nothing,
  number,
  scalar,
  such,
  text,
  whole,
} from '../shape.ts'

export const texts = list(text)
/** A list that says nothing twice, as the schema wants it. */
export const distinct = such(texts, { unique: 'always' })
/** The same, where Compose takes the last of two before it looks at the schema. */
export const merged = such(texts, { unique: 'swarm' })
export const textOrTexts = either(text, distinct)
export const textOrMerged = either(text, merged)
export const words = either(such(text, { form: command }), texts, nothing)
const dict = map(either(scalar, nothing))
export const pairs = either(merged, dict)
/** A list whose items name variables, or an object. */
const variables = list(such(text, { form: form.variable }))
export const environment = either(such(variables, { unique: 'swarm' }), dict)
/** The same of a hook, of which Compose merges nothing. */
export const hookEnvironment = either(such(variables, { unique: 'always' }), dict)
/** Where a list of two that are the same is not merged. */
export const distinctPairs = either(distinct, dict)
const hostAddress = such(text, { form: engine.hostAddress })
export const hosts = either(
  such(list(such(text, { form: engine.extraHost })), { unique: 'always' }),
  map(either(hostAddress, such(list(hostAddress), { unique: 'always' })), /^[^=:]+$/),
)
export const options = map(amount)

export const size = such(whole, { form: form.size })
export const count = such(whole, { form: form.count })
export const integer = such(whole, { form: form.integer })
export const fraction = such(amount, { form: form.number })
/** Permission bits: a number as it is, text in octal. */
export const mode = either(
  { is: Number.isInteger, said: 'a whole number' },
  such(text, { form: form.octal }),
)
export const duration = such(text, { form: form.duration })
/** True or false, and in text the words that Compose reads so. */
export const aSwitch = such(
  {
    is: (value) => typeof value === 'boolean' || typeof value === 'string',
    said: 'true or false',
  },
  { form: form.switchWord },
)
const limit = (one: typeof amount) =>
  map(either(one, fields<Ulimit>({ soft: one, hard: one }, { soft: true, hard: true })))
export const ulimits = limit(such(whole, { form: form.integer }))
/** Of a build; no variable can stand there. */
export const buildUlimits = limit(such(number, { form: form.integer }))
