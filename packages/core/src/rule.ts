import type { Diagnostic, Kind, Severity } from './diagnostic.ts'
import { type Document, locate, originAt, type Path } from './document.ts'
import { isMadeByPackage } from './origin.ts'
import { itemsOf, validateViolation, validateWords } from './validate-source.ts'

/** What a rule found: which node, and what is wrong with it. */
export interface Violation {
  readonly path: Path
  readonly message: string
  /** Where it says more than the rule's own help. */
  readonly hint?: string
  /** Where it is not the rule's own. */
  readonly severity?: Severity
}

/** What surrounds the document that is being judged. */
export interface RuleContext {
  /** Every document of the stack, the judged one among them, in a fixed order. */
  readonly documents: readonly Document[]
  /**
   * Whether the stack makes this file, or the project has it. `undefined` where that cannot be
   * known, as for a document judged on its own.
   */
  exists(path: string): 'file' | 'directory' | 'none' | undefined
  /** Names in a folder of the project, folders with a slash at the end. `undefined` as above. */
  list?(path: string): readonly string[] | undefined
  /** Text of a file of the project; `undefined` where there is none or it cannot be known. */
  read?(path: string): string | undefined
  /** Whether `secrets init` makes this file. */
  isSecret(path: string): boolean
}

/**
 * A rule is one value. Its two examples are its tests and its page in the documentation.
 *
 * @example
 * const noPrivileged: Rule<ComposeFile> = {
 *   id: 'compose/privileged',
 *   kind: 'insecure',
 *   summary: 'A privileged container',
 *   why: 'It can do whatever root on the host can.',
 *   help: 'Drop `privileged` and add the one capability that is needed.',
 *   references: ['CIS Docker 5.5'],
 *   bad: { services: { app: { image: 'a:1', privileged: true } } },
 *   good: { services: { app: { image: 'a:1' } } },
 *   *check({ data }) { … },
 * }
 */
export interface Rule<Data = unknown> {
  /** `<format>/<what-is-wrong>`. */
  readonly id: string
  readonly kind: Kind
  /** Default: `error` for invalid and breaks, `warning` for the others. */
  readonly severity?: Severity
  /** One line, no full stop. */
  readonly summary: string
  /** What happens to a person who leaves it so. */
  readonly why: string
  /** How to fix it, in the words of a `stack.ts`. */
  readonly hint: string
  /** The same in the words of the format, for a file that was not written in TypeScript. */
  readonly fileHint?: string
  /** Where it is written: a spec section, CIS, hadolint or KICS ids. */
  readonly references: readonly string[]
  /**
   * Words of which a document must have one before the rule has anything to say about it: it is not
   * asked about the others. Which words a document has, its format tells. Default: always asked.
   */
  readonly appliesTo?: readonly string[]
  readonly bad: Data
  readonly good: Data
  check(document: Document<Data>, around: RuleContext): Iterable<Violation>
}

export function severityOf(rule: Rule): Severity {
  return rule.severity ?? (rule.kind === 'invalid' || rule.kind === 'breaks' ? 'error' : 'warning')
}

/** Surroundings of a document that is judged by itself. */
export function isolatedContext(document: Document): RuleContext {
  return { documents: [document], exists: () => undefined, isSecret: () => false }
}

/** What every rule of the document's format says about it. */
export function check(
  document: Document,
  around: RuleContext = isolatedContext(document),
): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const words = validateWords(document, document.format.words?.(document))
  for (const rule of document.format.rules) {
    // Most rules are about what few documents say, and each costs its compilation when first asked.
    if (words && rule.appliesTo && !rule.appliesTo.some((word) => words.has(word))) continue
    const violations = rule.check(document, around)
    for (const violation of itemsOf(`the rule ${rule.id}`, 'violations', violations)) {
      const { path } = validateViolation(rule, violation)
      // What one of our functions made is ours to better: a user could only read it for ever.
      const isOwn = severityOf(rule) === 'note' && isMadeByPackage(originAt(document, path).origin)
      if (!isOwn) diagnostics.push(toDiagnostic(rule, document, violation as Violation))
    }
  }
  return diagnostics
}

function toDiagnostic(rule: Rule, document: Document, violation: Violation): Diagnostic {
  const place = locate(document, violation.path)
  return {
    rule: rule.id,
    kind: rule.kind,
    severity: violation.severity ?? severityOf(rule),
    message: violation.message,
    hint: violation.hint ?? rule.hint,
    file: place?.file ?? document.path,
    ...(place && { line: place.line, column: place.column }),
    document: document.path,
    path: violation.path,
  }
}
