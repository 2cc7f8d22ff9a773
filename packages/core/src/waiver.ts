import type { Document, Path } from './document.ts'
import type { Finding } from './finding.ts'
import { locationOf, ORIGIN, type Origin, type Originated, originOf } from './origin.ts'
import { UserError } from './user-error.ts'

/** A finding that is known and accepted for a time. */
export interface Waiver extends Originated {
  readonly rule: string
  /** `file` or `file#key.key…`; it covers the node and everything in it. */
  readonly at: string
  readonly reason: string
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string
}

const place = /^[^#]+(#.+)?$/

/**
 * Accepts what one rule finds at one place, until a day.
 *
 * @throws UserError when the reason is blank or the day is not a date.
 * @example
 * waive('compose/port-on-every-interface', {
 *   at: 'compose.yaml#services.web.ports',
 *   reason: 'The public entrance.',
 *   until: '2027-06-30',
 * })
 */
export function waive(rule: string, terms: Omit<Waiver, 'rule' | typeof ORIGIN>): Waiver {
  const waiver = Object.freeze({ ...terms, rule, [ORIGIN]: originOf(waive) })
  refuseBadTerms(waiver, waiver[ORIGIN])
  return waiver
}

/** Also for waivers that a person wrote as plain objects. */
export function refuseBadTerms(waiver: Waiver, origin: Origin | undefined): void {
  const { rule, at, reason, until } = waiver ?? {}
  const refuse = (what: string, help: string): never => {
    throw new UserError({ what: `waiver of ${rule}: ${what}`, help, origin })
  }
  if (!isText(rule)) refuse('no rule', 'Write the id that the finding shows in brackets.')
  if (!isText(reason)) refuse('no reason', 'Say why this finding is accepted.')
  if (!isText(until) || !isDay(until)) {
    refuse(`until ${JSON.stringify(until)} is no day`, 'Write YYYY-MM-DD, as 2027-06-30.')
  }
  if (!isText(at) || !place.test(at)) {
    refuse('no place', 'Write the printed file, or file#services.name.')
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${text}T`)
}

/** A finding and the waiver that accepts it. */
export interface Waived {
  readonly finding: Finding
  readonly waiver: Waiver
}

/** Parts findings into those that stand and those that are waived; adds what waivers earn. */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  documents: readonly Document[],
  now: Date,
): { readonly findings: Finding[]; readonly waived: Waived[] } {
  const standing: Finding[] = []
  const waived: Waived[] = []
  const used = new Set<Waiver>()
  for (const finding of findings) {
    const covering = waivers.filter((one) => covers(one, finding))
    for (const one of covering) used.add(one)
    // One that is over may stand beside the one that renews it.
    const waiver = covering.find((one) => !isOver(one, now))
    if (waiver) waived.push({ finding, waiver })
    else standing.push(finding)
  }
  for (const waiver of waivers) {
    if (!used.has(waiver)) standing.push(unmatched(waiver, documents, findings))
    else if (isOver(waiver, now)) standing.push(expired(waiver))
  }
  return { findings: standing, waived }
}

function covers(waiver: Waiver, finding: Finding): boolean {
  const [file, keys] = waiver.at.split('#', 2)
  if (waiver.rule !== finding.rule || file !== finding.document) return false
  return keys === undefined || `${dotted(finding.path)}.`.startsWith(`${keys}.`)
}

function dotted(path: Path): string {
  return path.join('.')
}

function isOver(waiver: Waiver, now: Date): boolean {
  return now.toISOString().slice(0, 10) > waiver.until
}

function expired(waiver: Waiver): Finding {
  return aboutWaiver(waiver, {
    rule: 'core/waiver-expired',
    severity: 'error',
    message: `waiver of ${waiver.rule} at ${waiver.at} ended on ${waiver.until}`,
    help: 'Mend the finding, or renew the waiver with a new reason.',
  })
}

function unmatched(
  waiver: Waiver,
  documents: readonly Document[],
  findings: readonly Finding[],
): Finding {
  return aboutWaiver(waiver, {
    rule: 'core/waiver-unused',
    severity: 'warning',
    message: `waiver of ${waiver.rule} at ${waiver.at} matches no finding`,
    help: whyUnmatched(waiver, documents, findings),
  })
}

function whyUnmatched(
  { rule, at }: Waiver,
  documents: readonly Document[],
  findings: readonly Finding[],
): string {
  const file = at.split('#', 1)[0]
  const paths = documents.map(({ path }) => path)
  if (!paths.includes(file!)) {
    return `No document has the path ${file}; the documents are ${paths.join(', ') || 'none'}.`
  }
  const rules = documents.flatMap(({ format }) => format.rules)
  if (!rules.some(({ id }) => id === rule)) {
    return `There is no rule ${rule}: write the id that the finding shows in brackets.`
  }
  const places = findings
    .filter((one) => one.rule === rule)
    .map(({ document, path }) => [document, dotted(path)].filter(Boolean).join('#'))
  return places.length === 0
    ? 'Remove it: what it waived is gone.'
    : `Remove it, or correct its place: the rule finds something at ${places.join(', ')}.`
}

function aboutWaiver(
  waiver: Waiver,
  about: Pick<Finding, 'rule' | 'severity' | 'message' | 'help'>,
): Finding {
  const location = locationOf(waiver[ORIGIN])
  return {
    ...about,
    kind: 'breaks',
    file: location?.file ?? waiver.at,
    ...(location && { line: location.line, column: location.column }),
    document: waiver.at.split('#', 1)[0]!,
    path: [],
  }
}
