import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Finding, type Rule, type Synthesis, severityOf } from '@erlmcp/core'

/** A SARIF 2.1.0 log with one run (OASIS SARIF 2.1.0, section 3.13). */
export function sarifLog({
  findings,
  waived,
  rules: judged,
}: Pick<Synthesis, 'findings' | 'waived' | 'rules'>) {
  const all = [...findings, ...waived.map(({ finding }) => finding)]
  const described = new Map(judged.map((rule) => [rule.id, rule]))
  const rules = new Map(
    all.map(({ rule, help }) => [rule, describe(rule, described.get(rule), help)]),
  )
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'erlmcp', rules: [...rules.values()] } },
        results: [
          ...findings.map(result),
          ...waived.map(({ finding, waiver }) => ({
            ...result(finding),
            suppressions: [{ kind: 'inSource', justification: waiver.reason }],
          })),
        ],
      },
    ],
  }
}

/** What a reader of the log shows beside the finding. Those about waivers have no rule. */
function describe(id: string, rule: Rule | undefined, help: string): object {
  if (!rule) return { id, help: { text: help } }
  return {
    id,
    shortDescription: { text: `${rule.summary}.` },
    fullDescription: { text: rule.why },
    help: { text: [rule.help, ...rule.references].join('\n') },
    defaultConfiguration: { level: severityOf(rule) },
  }
}

function result({ rule, severity, message, help, file, line, column }: Finding) {
  return {
    ruleId: rule,
    level: severity,
    message: { text: `${message}\n${help}` },
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
