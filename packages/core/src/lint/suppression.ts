import type { Document } from '../document/document.ts'
import { locationOf, ORIGIN, type Origin, type Originated, originOf } from '../document/origin.ts'
import type { Path } from '../document/path.ts'
import { UserError } from '../user-error.ts'
import { rulesOf } from './check.ts'
import type { Diagnostic } from './diagnostic.ts'

/** An accepted diagnostic, with a reason and an expiry date. */
export interface Suppression extends Originated {
  readonly rule: string
  /** `file` or `file#key.key…`; it covers the node and everything in it. */
  readonly at: string
  readonly reason: string
  /** Expiry date: the last day on which it applies, `YYYY-MM-DD`. */
  readonly until: string
}

const place = /^[^#]+(#.+)?$/

/**
 * Accepts the diagnostics of one rule at one path, until a date.
 *
 * @throws UserError for a blank reason or an invalid date.
 * @example
 * suppress('compose/container-traffic-not-bound-to-host-interface', {
 *   at: 'compose.yaml#services.web.ports',
 *   reason: 'The public entrance.',
 *   until: '2027-06-30',
 * })
 */
export function suppress(
  rule: string,
  terms: Omit<Suppression, 'rule' | typeof ORIGIN>,
): Suppression {
  const suppression = Object.freeze({ ...terms, rule, [ORIGIN]: originOf(suppress) })
  validateTerms(suppression, suppression[ORIGIN])
  return suppression
}

/** Validates a suppression, which may be a plain object. */
export function validateTerms(suppression: Suppression, origin: Origin | undefined): void {
  const { rule, at, reason, until } = suppression ?? {}
  const reject = (message: string, hint: string): never => {
    throw new UserError({ message: `suppression of ${rule}: ${message}`, hint, origin })
  }
  if (!isText(rule)) reject('missing rule', 'Write the id that the diagnostic shows in brackets.')
  if (!isText(reason)) reject('missing reason', 'Write why the diagnostic is acceptable.')
  if (!isText(until) || !isDay(until)) {
    reject(`invalid date until: ${JSON.stringify(until)}`, 'Write YYYY-MM-DD, as 2027-06-30.')
  }
  if (!isText(at) || !place.test(at)) {
    reject('invalid path at', 'Write the printed file, or file#services.name.')
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${text}T`)
}

/** A diagnostic and the suppression that accepts it. */
export interface Suppressed {
  readonly diagnostic: Diagnostic
  readonly suppression: Suppression
}

/** Splits diagnostics into reported and suppressed ones; reports unused and expired suppressions. */
export function applySuppressions(
  diagnostics: readonly Diagnostic[],
  suppressions: readonly Suppression[],
  documents: readonly Document[],
  now: Date,
): { readonly diagnostics: Diagnostic[]; readonly suppressed: Suppressed[] } {
  const reported: Diagnostic[] = []
  const suppressed: Suppressed[] = []
  const used = new Set<Suppression>()
  for (const diagnostic of diagnostics) {
    const covering = suppressions.filter((one) => covers(one, diagnostic))
    for (const one of covering) used.add(one)
    // An expired suppression may be next to its renewal.
    const suppression = covering.find((one) => !isExpired(one, now))
    if (suppression) suppressed.push({ diagnostic, suppression })
    else reported.push(diagnostic)
  }
  for (const suppression of suppressions) {
    if (!used.has(suppression)) reported.push(unmatched(suppression, documents, diagnostics))
    else if (isExpired(suppression, now)) reported.push(expired(suppression))
  }
  return { diagnostics: reported, suppressed }
}

function covers(suppression: Suppression, diagnostic: Diagnostic): boolean {
  const [file, keys] = suppression.at.split('#', 2)
  if (suppression.rule !== diagnostic.rule || file !== diagnostic.document) return false
  return keys === undefined || `${dotted(diagnostic.path)}.`.startsWith(`${keys}.`)
}

function dotted(path: Path): string {
  return path.join('.')
}

function isExpired(suppression: Suppression, now: Date): boolean {
  return now.toISOString().slice(0, 10) > suppression.until
}

function expired(suppression: Suppression): Diagnostic {
  return suppressionDiagnostic(suppression, {
    rule: 'core/suppression-expired',
    severity: 'error',
    message: `suppression of ${suppression.rule} at ${suppression.at} expired on ${suppression.until}`,
    hint: 'Fix the diagnostic, or renew the suppression with a new reason.',
  })
}

function unmatched(
  suppression: Suppression,
  documents: readonly Document[],
  diagnostics: readonly Diagnostic[],
): Diagnostic {
  return suppressionDiagnostic(suppression, {
    rule: 'core/suppression-unused',
    severity: 'warning',
    message: `suppression of ${suppression.rule} at ${suppression.at} matches no diagnostic`,
    hint: whyUnmatched(suppression, documents, diagnostics),
  })
}

function whyUnmatched(
  { rule, at }: Suppression,
  documents: readonly Document[],
  diagnostics: readonly Diagnostic[],
): string {
  const file = at.split('#', 1)[0]
  const paths = documents.map(({ path }) => path)
  if (!paths.includes(file!)) {
    return `No document has the path ${file}; the documents are ${paths.join(', ') || 'none'}.`
  }
  const rules = documents.flatMap(({ format }) => rulesOf(format))
  if (!rules.some(({ id }) => id === rule)) {
    return `Unknown rule ${rule}: write the id that the diagnostic shows in brackets.`
  }
  const places = diagnostics
    .filter((one) => one.rule === rule)
    .map(({ document, path }) => [document, dotted(path)].filter(Boolean).join('#'))
  return places.length === 0
    ? 'Remove it: the diagnostic no longer occurs.'
    : `Remove it, or correct its path: the rule reports ${places.join(', ')}.`
}

function suppressionDiagnostic(
  suppression: Suppression,
  fields: Pick<Diagnostic, 'rule' | 'severity' | 'message' | 'hint'>,
): Diagnostic {
  const location = locationOf(suppression[ORIGIN])
  return {
    ...fields,
    kind: 'breaks',
    file: location?.file ?? suppression.at,
    ...(location && { line: location.line, column: location.column }),
    document: suppression.at.split('#', 1)[0]!,
    path: [],
  }
}
