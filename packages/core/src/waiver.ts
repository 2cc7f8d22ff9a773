import type { Document, Path } from './document.ts'
import type { Finding } from './finding.ts'
import { locationOf, ORIGIN, type Originated, originOf } from './origin.ts'
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
  const origin = originOf(waive)
  const refuse = (what: string, help: string): never => {
    throw new UserError({ what: `waiver of ${rule}: ${what}`, help, origin })
  }
  if (terms.reason.trim() === '') refuse('no reason', 'Say why this finding is accepted.')
  if (!isDay(terms.until)) {
    refuse(`until ${JSON.stringify(terms.until)} is no day`, 'Write YYYY-MM-DD, as 2027-06-30.')
  }
  if (!place.test(terms.at)) refuse('no place', 'Write the printed file, or file#services.name.')
  return Object.freeze({ rule, ...terms, [ORIGIN]: origin })
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
    const waiver = waivers.find((one) => covers(one, finding))
    if (waiver) used.add(waiver)
    if (waiver && !isOver(waiver, now)) waived.push({ finding, waiver })
    else standing.push(finding)
  }
  for (const waiver of waivers) {
    if (!used.has(waiver)) standing.push(unmatched(waiver, documents))
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

function unmatched(waiver: Waiver, documents: readonly Document[]): Finding {
  const file = waiver.at.split('#', 1)[0]
  const known = documents.some((document) => document.path === file)
  return aboutWaiver(waiver, {
    rule: 'core/waiver-unused',
    severity: 'warning',
    message: `waiver of ${waiver.rule} at ${waiver.at} matches no finding`,
    help: known
      ? 'Remove it: what it waived is gone.'
      : `No document has the path ${file}; the documents are ${documents.map((d) => d.path).join(', ') || 'none'}.`,
  })
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
