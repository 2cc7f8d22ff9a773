import { type Rule, severityOf } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { actionRules } from './action-rules.gen.ts'
import { rules } from './rules.gen.ts'

/** Checks of another program, and which of them are left out. */
interface RuleSet {
  readonly name: string
  /** Prefix of a check in the references of a rule. */
  readonly prefix: string
  readonly checks: string
  /** Checks that need a network, or are a matter of taste. */
  readonly left: string
}

const ruleSets: readonly RuleSet[] = [
  {
    name: 'zizmor 1.32, workflows',
    prefix: 'zizmor ',
    checks:
      'artipacked bot-conditions cache-poisoning concurrency-limits dangerous-triggers excessive-permissions github-env hardcoded-container-credentials insecure-commands misfeature overprovisioned-secrets secrets-inherit secrets-outside-env self-hosted-runner self-repository template-injection typosquat-uses unpinned-images unpinned-uses unredacted-secrets unsound-condition unsound-contains unsound-ternary',
    left: 'anonymous-definition archived-uses dependabot-cooldown dependabot-execution forbidden-uses impostor-commit known-vulnerable-actions obfuscation ref-confusion ref-version-mismatch stale-action-refs superfluous-actions undocumented-permissions unpinned-tools use-trusted-publishing',
  },
  {
    name: 'actionlint 1.7.12, by kind',
    prefix: 'actionlint ',
    checks:
      'action credentials deprecated-commands env-var events expression glob id if-cond job-needs matrix permissions runner-label shell-name syntax-check workflow-call',
    left: 'pyflakes shellcheck',
  },
  {
    name: 'Scorecard, of workflows',
    prefix: 'Scorecard ',
    checks: 'Dangerous-Workflow Pinned-Dependencies Token-Permissions',
    left: '',
  },
]

function row({ name, prefix, checks, left }: RuleSet): string {
  const enforced = new Set(rules.flatMap((rule) => rule.references))
  const all = checks.split(' ')
  const missing = all.filter((check) => !enforced.has(prefix + check))
  expect(missing).toEqual([])
  return `| ${name} | ${all.length} | ${list(left)} |`
}

const list = (names: string) => names.replaceAll(' ', ', ')

/** The page of the rules: what they cover of other programs, and the summary of each. */
function rulesPage(): string {
  const rows = [...rules, ...actionRules].map(
    (rule) => `| \`${rule.id}\` | ${rule.kind} | ${severityOf(rule as Rule)} | ${rule.summary} |`,
  )
  return [
    '# Rules of workflows',
    '',
    '| rule set | checks enforced by a rule | checks left out |',
    '|---|---|---|',
    ...ruleSets.map(row),
    '',
    '| rule | kind | severity | summary |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

// `vitest --update` writes the page.
test('the page of the rules is current', async () => {
  await expect(rulesPage()).toMatchFileSnapshot('../../RULES.md')
})
