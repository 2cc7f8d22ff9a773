import { check, type Document, type Rule, type RuleContext } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import type { ComposeFile } from '../document.ts'
import { composeFormat, printCompose } from '../print.ts'
import { rules } from './rules.gen.ts'

const format = { name: 'compose', rules: [], print: () => '' }

// Another file of the same stack, for rules that compare files.
const other: Document<ComposeFile> = {
  path: 'other.yml',
  format,
  data: {
    name: 'other',
    services: { other: { image: 'other:1', ports: ['7001:7001'], networks: ['other'] } },
    networks: { other: { ipam: { config: [{ subnet: '10.77.0.0/24' }] } } },
  },
}

// A project of a few files, for rules that ask what is there.
const files = new Set(['deploy/config/app.conf'])
const secrets = new Set(['key', 'db', 'cookie'].map((name) => `deploy/secrets/${name}`))

function judge(rule: Rule<ComposeFile>, data: ComposeFile) {
  const document = { path: 'deploy/compose.yml', format: { ...composeFormat, rules: [rule] }, data }
  const context: RuleContext = {
    documents: [other, document as Document, { ...other, path: 'zz.yml' }],
    isSecret: (path) => secrets.has(path),
    read: (path) => (path.endsWith('empty.conf') ? '' : undefined),
    exists: (path) =>
      files.has(path)
        ? 'file'
        : path.endsWith('missing.conf') || path.endsWith('.env')
          ? 'none'
          : 'directory',
  }
  return check(document as Document, context)
}

describeRules({
  format: 'compose',
  folder: `${import.meta.dirname}/rules`,
  rules,
  judge,
  print: (data) => printCompose(data),
})
