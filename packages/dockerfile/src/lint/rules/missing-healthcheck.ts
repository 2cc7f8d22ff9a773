import type { Rule } from '@erlmcp/core'
import { wholeStage } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const missingHealthcheck: Rule<Dockerfile> = {
  id: 'dockerfile/missing-healthcheck',
  kind: 'breaks',
  severity: 'note',
  summary: 'An image without a HEALTHCHECK',
  why: 'The engine takes a process that hangs for a healthy one.',
  hint: 'Add a healthcheck here or to the service.',
  references: ['DL3057', 'CIS Docker 4.6', 'Trivy DS-0026'],
  bad: example({ instruction: 'ENTRYPOINT', command: ['/opt/app/bin/start'] }),
  good: example(
    { instruction: 'HEALTHCHECK', command: ['/opt/app/bin/health'] },
    { instruction: 'ENTRYPOINT', command: ['/opt/app/bin/start'] },
  ),
  *check({ data }) {
    const s = data.stages.length - 1
    const names = new Set((s < 0 ? [] : wholeStage(data, s)).map((one) => one.instruction))
    if (names.has('HEALTHCHECK') || !(names.has('CMD') || names.has('ENTRYPOINT'))) return
    yield { path: ['stages', s], message: `stage ${data.stages[s]!.name ?? s} has no HEALTHCHECK` }
  },
}
