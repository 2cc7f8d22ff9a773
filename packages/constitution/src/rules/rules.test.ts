import { check, rulesOf } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import { constitution } from '../index.ts'
import { type HostFile, hostFileFormat } from '../run/index.ts'

const format = hostFileFormat(constitution())

describeRules<HostFile>({
  format: 'constitution',
  folder: import.meta.dirname,
  others: ['constitution-rules.ts', 'example.ts'],
  rules: rulesOf(format),
  judge: (rule, data) => check({ path: 'run.sh', format: { ...format, rules: [rule] }, data }),
  print: (data) => format.print(data, []),
})
