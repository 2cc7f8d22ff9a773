import type { Rule } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import type { HostFile } from '../scan/host-file.ts'
import { allowed } from './allowed.ts'
import { allowedWithoutReason } from './allowed-without-reason.ts'
import { hostExecution } from './host-execution.ts'
import { unreadable } from './unreadable.ts'

/** The rules of files that run commands on a host. */
export function constitutionRules(map: Constitution): readonly Rule<HostFile>[] {
  return [allowed(map), allowedWithoutReason(map), hostExecution(map), unreadable]
}
