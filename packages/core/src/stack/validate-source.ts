import type { Document, Format, Rule, Violation } from '../document/document.ts'
import type { Origin } from '../document/origin.ts'
import {
  any,
  anyList,
  anyObject,
  boolean,
  count,
  fn,
  list,
  number,
  object,
  oneOf,
  string,
  union,
} from '../schema/schema.ts'
import { validateValue } from '../schema/validate-options.ts'
import type { SecretFile } from '../secret/secret.ts'
import { formatValue } from '../text/format-value.ts'
import { UserError } from '../user-error.ts'

// What enters the pipeline from a source may be a user's own, made without the compiler, or come
// from another copy of a package: it is looked at here, once, and by its name.

const documentSchema = object<Document>(
  {
    path: string,
    format: anyObject,
    data: any,
    mode: number,
    locate: fn,
  },
  { required: ['path', 'format'], additional: 'all' },
)

const formatSchema = object<Format>(
  {
    name: string,
    rules: union(anyList, fn),
    print: fn,
    features: fn,
    merge: fn,
    state: fn,
    validate: fn,
  },
  { required: ['name', 'rules', 'print'], additional: 'all' },
)

const ruleSchema = object<Pick<Rule, 'id' | 'kind' | 'severity' | 'hint' | 'appliesTo' | 'check'>>(
  {
    id: string,
    kind: oneOf('invalid', 'breaks', 'insecure', 'wasteful', 'deprecated'),
    severity: oneOf('error', 'warning', 'note'),
    hint: string,
    appliesTo: anyList,
    check: fn,
  },
  { required: ['id', 'kind', 'hint', 'check'], additional: 'all' },
)

const secretSchema = object<SecretFile>(
  {
    path: string,
    recipe: object<Pick<SecretFile['recipe'], 'kind'>>(
      { kind: oneOf('random', 'authority', 'leaf') },
      { required: ['kind'], additional: 'all' },
    ),
    readers: list({
      ...count,
      expected: 'the number of a user',
      hint: 'Give the numbers of the users that read it inside containers: [1000].',
    }),
    atRest: boolean,
  },
  { required: ['path', 'recipe', 'readers'], additional: 'all' },
)

const violationSchema = object<Pick<Violation, 'path' | 'message' | 'hint'>>(
  { path: anyList, message: string, hint: string },
  { required: ['path', 'message'], additional: 'all' },
)

const knownFormats = new WeakSet<Format>()

/** @throws UserError which names the source and the key that is wrong */
export function validateDocument(
  subject: string,
  value: unknown,
  origin: Origin | undefined,
): Document {
  const path = (value as { path?: unknown } | null | undefined)?.path
  const name =
    typeof path === 'string' ? `the document ${path} of ${subject}` : `a document of ${subject}`
  validateValue(name, value, documentSchema, origin)
  const document = value as Document
  const { format } = document
  if (!knownFormats.has(format)) {
    validateValue(`the format of ${path}`, format, formatSchema, origin)
    const rules = typeof format.rules === 'function' ? [] : format.rules
    for (const [index, rule] of rules.entries()) {
      validateValue(`rule ${index + 1} of the format ${format.name}`, rule, ruleSchema, origin)
    }
    knownFormats.add(format)
  }
  return document
}

/** @throws UserError which names the source and the key that is wrong */
export function validateSecretFile(
  subject: string,
  value: unknown,
  origin: Origin | undefined,
): SecretFile {
  const name = `a secret file of ${subject}`
  validateValue(name, value, secretSchema, origin)
  return value as SecretFile
}

/**
 * The items of what a source gives.
 *
 * @throws UserError for a promise, a text or anything else that is not a list
 */
export function itemsOf(
  subject: string,
  message: string,
  given: unknown,
  origin?: Origin,
): unknown[] {
  const isList = typeof given === 'object' && given !== null && Symbol.iterator in given
  if (isList) return [...(given as Iterable<unknown>)]
  throw new UserError({
    message: `${subject}: expected a list of ${message}, got ${given instanceof Promise ? 'a promise' : formatValue(given)}`,
    hint:
      given instanceof Promise
        ? 'Sources are not asynchronous: await what it needs at the top level of the stack.'
        : `Return a list of ${message}, or yield them.`,
    origin,
  })
}

/** @throws UserError which names the rule and the key that is wrong */
export function validateViolation(rule: Rule, value: unknown): Violation {
  const subject = `the rule ${rule.id}`
  validateValue(`a diagnostic of ${subject}`, value, violationSchema, undefined)
  return value as Violation
}

/** @throws UserError which names the format, for a text that is a promise, a number or nothing */
export function validateText(document: Document, text: unknown): string {
  if (typeof text === 'string') return text
  const got = text instanceof Promise ? 'a promise' : formatValue(text)
  throw new UserError({
    message: `the format ${document.format.name} printed ${document.path}: expected text, got ${got}`,
    hint: 'Return the text of the file from `print`.',
  })
}

/** @throws UserError which names the format */
export function validateFeatures(
  document: Document,
  features: unknown,
): ReadonlySet<string> | undefined {
  if (features === undefined || features instanceof Set) return features
  throw new UserError({
    message: `the format ${document.format.name}: expected a Set from \`features\`, got ${formatValue(features)}`,
    hint: 'Return new Set([…]), or leave `features` out.',
  })
}
