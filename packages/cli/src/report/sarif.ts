import {
  type Diagnostic,
  type Rule,
  type SarifRule,
  type Synthesis,
  sarifLog,
  sarifResult,
  severityOf,
} from '@erlmcp/core'

/** The log of a synthesis: diagnostics, suppressed ones, and the rules that reported them. */
export function sarifLogOf({
  diagnostics,
  suppressed,
  rules: judged,
}: Pick<Synthesis, 'diagnostics' | 'suppressed' | 'rules'>) {
  const all = [...diagnostics, ...suppressed.map(({ diagnostic }) => diagnostic)]
  const known = new Map(judged.map((rule) => [rule.id, rule]))
  const rules = new Map(all.map(({ rule, hint }) => [rule, ruleOf(rule, known.get(rule), hint)]))
  return sarifLog({
    tool: 'erlmcp',
    rules: [...rules.values()],
    results: [
      ...diagnostics.map(resultOf),
      ...suppressed.map(({ diagnostic, suppression }) => ({
        ...resultOf(diagnostic),
        suppressions: [{ kind: 'inSource', justification: suppression.reason }],
      })),
    ],
  })
}

/** Diagnostics about suppressions have no rule, only a hint. */
function ruleOf(id: string, rule: Rule | undefined, hint: string): SarifRule {
  if (!rule) return { id, help: { text: hint } }
  return {
    id,
    shortDescription: { text: `${rule.summary}.` },
    fullDescription: { text: rule.why },
    help: { text: [rule.hint, ...rule.references].join('\n') },
    defaultConfiguration: { level: severityOf(rule) },
  }
}

function resultOf({ rule, severity, message, hint, ...place }: Diagnostic) {
  return sarifResult(rule, severity, `${message}\n${hint}`, place)
}
