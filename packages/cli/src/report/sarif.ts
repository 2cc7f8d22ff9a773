import type { Finding, Synthesis } from '@erlmcp/core'

/** A SARIF 2.1.0 log with one run (OASIS SARIF 2.1.0, section 3.13). */
export function sarifLog({ findings, waived }: Pick<Synthesis, 'findings' | 'waived'>): object {
  const all = [...findings, ...waived.map(({ finding }) => finding)]
  const rules = new Map(all.map(({ rule, help }) => [rule, { id: rule, help: { text: help } }]))
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

function result({ rule, severity, message, file, line, column }: Finding): object {
  return {
    ruleId: rule,
    level: severity,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file.replaceAll('\\', '/')) },
          ...(line !== undefined && { region: { startLine: line, startColumn: column } }),
        },
      },
    ],
  }
}
