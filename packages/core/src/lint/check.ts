import {
  type Document,
  type Format,
  locate,
  originAt,
  type Rule,
  type RuleContext,
  type Violation,
} from '../document/document.ts'
import { isMadeByPackage } from '../document/origin.ts'
import { itemsOf, validateFeatures, validateViolation } from '../stack/validate-source.ts'
import type { Diagnostic, Severity } from './diagnostic.ts'

export function severityOf(rule: Rule): Severity {
  return rule.severity ?? (rule.kind === 'invalid' || rule.kind === 'breaks' ? 'error' : 'warning')
}

/** The rules of a format; loads those that are given as a function. */
export function rulesOf<Data>({ rules }: Format<Data>): readonly Rule<Data>[] {
  return typeof rules === 'function' ? rules() : rules
}

/** The context of a document without a stack or project. */
export function isolatedContext(document: Document): RuleContext {
  return { documents: [document], exists: () => undefined, isSecret: () => false }
}

/** The diagnostics of every rule of the document's format. */
export function check(
  document: Document,
  context: RuleContext = isolatedContext(document),
): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const features = validateFeatures(document, document.format.features?.(document))
  for (const rule of rulesOf(document.format)) {
    // Most rules read what few documents have, and each costs its compilation when first called.
    if (features && rule.appliesTo?.some((feature) => features.has(feature)) === false) continue
    const violations = rule.check(document, context)
    for (const violation of itemsOf(`the rule ${rule.id}`, 'violations', violations)) {
      const { path } = validateViolation(rule, violation)
      // The user cannot change a node that one of our functions generated.
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
