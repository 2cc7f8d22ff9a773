import { type Rule, severityOf } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { actionRules } from '../action-rules.gen.ts'
import { rules } from '../rules.gen.ts'

/** Checks of another program, and those of them that the types or the values leave no room for. */
interface RuleSet {
  readonly name: string
  /** What stands in front of a check in the references of a rule. */
  readonly prefix: string
  readonly checks: string
  readonly impossible?: string
  /** What nobody can decide without a network, or what is a matter of taste. */
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
      'action credentials deprecated-commands env-var events expression glob id if-cond job-needs matrix runner-label shell-name syntax-check workflow-call',
    impossible: 'permissions',
    left: 'pyflakes shellcheck',
  },
  {
    name: 'Scorecard, of workflows',
    prefix: 'Scorecard ',
    checks: 'Dangerous-Workflow Pinned-Dependencies Token-Permissions',
    left: '',
  },
]

function row({ name, prefix, checks, impossible = '', left }: RuleSet): string {
  const enforced = new Set(rules.flatMap((rule) => rule.references))
  const all = checks.split(' ')
  const missing = all.filter((check) => !enforced.has(prefix + check))
  expect(missing).toEqual([])
  return `| ${name} | ${all.length} | ${list(impossible)} | ${list(left)} |`
}

const list = (names: string) => names.replaceAll(' ', ', ')

/** The page of the rules: what they cover of others, and each with what it is about. */
function rulesPage(): string {
  const rows = [...rules, ...actionRules].map(
    (rule) => `| \`${rule.id}\` | ${rule.kind} | ${severityOf(rule as Rule)} | ${rule.summary} |`,
  )
  return [
    '# Rules of workflows',
    '',
    '| rule set | enforced by a rule | cannot be written with these types | not judged |',
    '|---|---|---|---|',
    ...ruleSets.map(row),
    '',
    '| rule | kind | severity | what is wrong |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

// `vitest --update` writes the page anew.
test('the page of the rules says what they are', async () => {
  await expect(rulesPage()).toMatchFileSnapshot('../../../RULES.md')
})
