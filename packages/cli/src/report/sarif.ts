import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Diagnostic, type Rule, type Synthesis, severityOf } from '@erlmcp/core'

/** A SARIF 2.1.0 log with one run (OASIS SARIF 2.1.0, section 3.13). */
export function sarifLog({
  diagnostics,
  suppressed,
  rules: judged,
}: Pick<Synthesis, 'diagnostics' | 'suppressed' | 'rules'>) {
  const all = [...diagnostics, ...suppressed.map(({ diagnostic }) => diagnostic)]
  const described = new Map(judged.map((rule) => [rule.id, rule]))
  const rules = new Map(
    all.map(({ rule, hint }) => [rule, describe(rule, described.get(rule), hint)]),
  )
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'erlmcp', rules: [...rules.values()] } },
        results: [
          ...diagnostics.map(result),
          ...suppressed.map(({ diagnostic, suppression }) => ({
            ...result(diagnostic),
            suppressions: [{ kind: 'inSource', justification: suppression.reason }],
          })),
        ],
      },
    ],
  }
}

/** What a reader of the log shows beside the diagnostic. Those about suppressions have no rule. */
function describe(id: string, rule: Rule | undefined, hint: string): object {
  if (!rule) return { id, hint: { text: hint } }
  return {
    id,
    shortDescription: { text: `${rule.summary}.` },
    fullDescription: { text: rule.why },
    hint: { text: [rule.hint, ...rule.references].join('\n') },
    defaultConfiguration: { level: severityOf(rule) },
  }
}

function result({ rule, severity, message, hint, file, line, column }: Diagnostic) {
  return {
    ruleId: rule,
    level: severity,
    message: { text: `${message}\n${hint}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          ...(line !== undefined && { region: { startLine: line, startColumn: column } }),
        },
      },
    ],
  }
}

/** A URI reference (RFC 3986): relative where the file is, so that it holds on other machines. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href
  // Through UTF-8, since half a character has no escape.
  return file
    .split(sep)
    .map((part) => encodeURIComponent(Buffer.from(part).toString()))
    .join('/')
}
