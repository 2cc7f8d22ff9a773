import { type Rule, severityOf } from '@erlmcp/core'
import { expect, test } from 'vitest'
import type { ComposeFile } from '../document.ts'
import { rules } from './rules.gen.ts'

/** Checks of another tool or benchmark that apply to a compose file. */
interface RuleSet {
  readonly name: string
  /** The prefix of a check in the references of a rule. */
  readonly prefix: string
  readonly checks: readonly string[]
}

const dclint =
  'no-duplicate-container-names no-duplicate-exported-ports no-unbound-port-interfaces no-version-field require-project-name-field service-image-require-explicit-tag'

// Without 5.1, 5.23 and 5.24, which are about the engine and about `docker exec`.
const cis = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]
const cisAfterExec = [25, 26, 27, 28, 29, 30, 31, 32]

const kics = [
  'Cgroup Not Default',
  'Container Capabilities Unrestricted',
  'Container Traffic Not Bound To Host Interface',
  'Cpus Not Limited',
  'Default Seccomp Profile Disabled',
  'Docker Socket Mounted In Container',
  'Healthcheck Not Set',
  'Host Namespace is Shared',
  'Memory Not Limited',
  'Networks Not Set',
  'No New Privileges Not Set',
  'Pids Limit Not Set',
  'Privileged Containers Enabled',
  'Privileged Ports Mapped In Container',
  'Restart Policy On Failure Not Set To 5',
  'Security Opt Not Set',
  'Shared Host IPC Namespace',
  'Shared Host Network Namespace',
  'Shared Host User Namespace',
  'Shared Volumes Between Containers',
  'Volume Has Sensitive Host Directory',
  'Volume Mounted In Multiple Containers',
]

const ruleSets: readonly RuleSet[] = [
  { name: 'dclint 3.1, without order and quotes', prefix: 'dclint ', checks: dclint.split(' ') },
  { name: 'KICS, Docker Compose', prefix: 'KICS ', checks: kics.map((check) => `"${check}"`) },
  {
    name: 'CIS Docker Benchmark 1.7, section 5',
    prefix: 'CIS Docker 5.',
    checks: [...cis, ...cisAfterExec].map(String),
  },
]

/** The page of the rules: what they cover of others, and each with what it is about. */
function rulesPage(rules: readonly Rule<ComposeFile>[]): string {
  const enforced = new Set(rules.flatMap((rule) => rule.references))
  const coverage = ruleSets.map(({ name, prefix, checks }) => {
    const missing = checks.filter((check) => !enforced.has(prefix + check))
    const count = `${checks.length - missing.length} of ${checks.length}`
    return `| ${name} | ${count} | ${missing.map((check) => prefix + check).join(', ')} |`
  })
  const rows = rules.map(
    (rule) => `| \`${rule.id}\` | ${rule.kind} | ${severityOf(rule as Rule)} | ${rule.summary} |`,
  )
  return [
    '# Rules of compose files',
    '',
    '| rule set | enforced of applicable | not enforced |',
    '|---|---|---|',
    ...coverage,
    '',
    '| rule | kind | severity | what is wrong |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

// `vitest --update` writes the page anew.
test('the page of the rules says what they are', async () => {
  await expect(rulesPage(rules)).toMatchFileSnapshot('../../RULES.md')
})
