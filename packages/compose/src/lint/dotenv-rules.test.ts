import { check, type Document, isolatedContext, type Rule } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import { dotenvFormat } from '../render/dotenv.ts'
import type { Dotenv } from '../render/dotenv-document.ts'
import { dotenvRules } from './dotenv-rules.gen.ts'

function judge(rule: Rule<Dotenv>, data: Dotenv) {
  const document = { path: '.env.example', format: { ...dotenvFormat, rules: [rule] }, data }
  return check(document as Document, isolatedContext(document as Document))
}

describeRules({
  format: 'dotenv',
  folder: `${import.meta.dirname}/dotenv-rules`,
  rules: dotenvRules,
  judge,
  print: (data) => dotenvFormat.print(data, []),
})
