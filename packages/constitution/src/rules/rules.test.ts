import { check } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import { constitution } from '../index.ts'
import { type HostFile, hostFileFormat } from '../run/index.ts'

const format = hostFileFormat(constitution())

describeRules<HostFile>({
  format: 'constitution',
  folder: import.meta.dirname,
  others: ['index.ts', 'example.ts'],
  rules: format.rules,
  judge: (rule, data) => check({ path: 'run.sh', format: { ...format, rules: [rule] }, data }),
  print: (data) => format.print(data, []),
})
