import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeReadmeOutput } from '@erlmcp/testkit'
import { expect, test } from 'vitest'
import { rules } from './lint/rules.gen.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
describeReadmeOutput(fileURLToPath(new URL('../README.md', import.meta.url)))

const range = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `${prefix}${from + n}`)

const buildkit: { checks: readonly string[] } = JSON.parse(
  readFileSync(new URL('../fixtures/buildkit.json', import.meta.url), 'utf8'),
)

/** The checks of each tool that apply to such images and need no registry. */
const applicable: Readonly<Record<string, readonly string[]>> = {
  BuildKit: buildkit.checks.filter((name) => name !== 'InvalidBaseImagePlatform'),
  hadolint: [
    'DL1001',
    ...range('DL', 3000, 3004),
    ...range('DL', 3006, 3012),
    'DL3014',
    'DL3015',
    'DL3018',
    'DL3019',
    ...range('DL', 3020, 3027),
    'DL3029',
    ...range('DL', 3043, 3059),
    'DL3061',
    ...range('DL', 3063, 3067),
    'DL4000',
    'DL4001',
    ...range('DL', 4003, 4006),
  ],
}

/** Checks of what no document can express, or the printer never writes. */
const inexpressible: Readonly<Record<string, string>> = {
  ConsistentInstructionCasing: 'keywords are printed in capitals',
  DL3043: 'the type of ONBUILD has no FROM, ONBUILD or MAINTAINER',
  DL3061: 'a file is its ARGs and then its stages',
  FromAsCasing: 'keywords are printed in capitals',
  InvalidDefinitionDescription: 'the comment of a stage or an ARG is printed after its name',
  LegacyKeyValueFormat: 'ENV and LABEL are printed with `=`',
  NoEmptyContinuation: 'no continuation is printed empty',
}

function coverage(): string {
  return Object.entries(applicable)
    .map(([tool, checks]) => {
      const rows = checks.map((check) => [check, enforcement(tool, check)] as const)
      const enforced = rows.filter(([, rule]) => rule !== undefined)
      const missing = rows.filter(([, rule]) => rule === undefined).map(([check]) => check)
      return [
        `### ${tool}: ${enforced.length} of ${checks.length}`,
        '',
        '| check | enforced by |',
        '|---|---|',
        ...enforced.map(([check, rule]) => `| ${check} | ${rule} |`),
        ...(missing.length > 0 ? ['', `Not covered: ${missing.join(', ')}.`] : []),
      ].join('\n')
    })
    .join('\n\n')
}

function enforcement(tool: string, check: string): string | undefined {
  const name = tool === 'hadolint' ? check : `${tool} ${check}`
  const found = rules
    .filter(({ references }) => references.includes(name))
    .map(({ id }) => `\`${id}\``)
  if (found.length > 0) return found.join(', ')
  return inexpressible[check] && `cannot be expressed: ${inexpressible[check]}`
}

test('every check that a rule names is counted', () => {
  const named = rules.flatMap(({ references }) =>
    references.filter((one) => /^(?:BuildKit |DL\d)/.test(one)),
  )
  const known = [...applicable.hadolint!, ...applicable.BuildKit!.map((one) => `BuildKit ${one}`)]
  // Not among those that apply to every image: upgrades.
  expect(named.filter((one) => !known.includes(one))).toEqual(['DL3005', 'DL3017'])
})

test('the README states the coverage by the rules', () => {
  const [, stated] = /<!-- coverage -->\n\n([\s\S]*?)\n\n<!-- \/coverage -->/.exec(readme)!
  expect(stated).toBe(coverage())
})

test('the README names every rule', () => {
  const [, stated] = /<!-- rules -->\n\n([\s\S]*?)\n\n<!-- \/rules -->/.exec(readme)!
  const rows = rules.map(({ id, kind, summary }) => `| \`${id}\` | ${kind} | ${summary} |`)
  expect(stated).toBe(['| rule | kind | summary |', '|---|---|---|', ...rows].join('\n'))
})
