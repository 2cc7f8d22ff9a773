import { check } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import { hostFileFormat } from '../run.ts'
import type { HostFile } from '../scan/host-file.ts'
import { rules } from './rules.gen.ts'

describeRules<HostFile>({
  format: 'constitution',
  folder: `${import.meta.dirname}/rules`,
  rules,
  judge: (rule, data) =>
    check({ path: 'run.sh', format: { ...hostFileFormat, rules: [rule] }, data }),
  print: (data) => hostFileFormat.print(data, []),
})
