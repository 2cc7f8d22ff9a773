import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { isMap, type JobPlace, jobsOf } from '../../model/jobs.ts'
import { combinationsOf } from '../../model/matrix.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

const pair = (otp: readonly string[]) =>
  withJobs({
    build: {
      'runs-on': 'ubuntu-24.04',
      strategy: { matrix: { otp } },
      outputs: { digest: '${{ steps.push.outputs.digest }}' },
      steps: [{ id: 'push', run: 'make push' }],
    },
    sign: {
      'runs-on': 'ubuntu-24.04',
      needs: 'build',
      env: { DIGEST: '${{ needs.build.outputs.digest }}' },
    },
  })

/** Whether only one job of the matrix writes it, as far as the file tells. */
function isOwnOfOne(place: JobPlace, name: string, value: string): boolean {
  const rows = combinationsOf(place)
  if (rows === undefined || rows.length < 2 || value.includes('matrix.')) return true
  // The name contains a value of the matrix.
  const letters = (text: string) => text.toLowerCase().replaceAll(/[-_.]/g, '')
  const values = rows.flatMap((row) => Object.values(row).map(String))
  if (values.some((one) => letters(name).includes(letters(one)))) return true
  // The step may run for one value only.
  const step = /steps\.([\w-]+)/.exec(value)?.[1]
  return place.steps.some(
    (one) => one.step.id === step && /matrix|strategy/.test(String(one.step.if ?? '')),
  )
}

export const matrixOutput: Rule<WorkflowFile> = {
  id: 'workflow/matrix-output',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Output of a job with a matrix',
  why: 'All jobs of the matrix write one output: the last one wins, and the others are lost.',
  hint: 'Upload an artifact for each, or add a value of the matrix to the name of the output.',
  references: ['Workflow syntax, jobs.<job_id>.outputs'],
  bad: pair(['27', '28']),
  good: pair(['28']),
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id.toLowerCase(), place]))
    const reported = new Set<string>()
    for (const { node } of expressionsOf(data)) {
      for (const [context, id, key, output] of node ? pathsIn(node) : []) {
        if ((context !== 'needs' && context !== 'jobs') || key !== 'outputs') continue
        const place = jobs.get(id ?? '')
        const outputs = place && isMap(place.job.outputs) ? place.job.outputs : undefined
        const name = Object.keys(outputs ?? {}).find((one) => one.toLowerCase() === output)
        if (!place || name === undefined || reported.has(`${id}.${name}`)) continue
        if (isOwnOfOne(place, name, String(outputs?.[name]))) continue
        reported.add(`${id}.${name}`)
        const message = `every job of the matrix of ${place.id} writes the output ${name}`
        yield { path: [...place.path, 'outputs', name], message }
      }
    }
  },
}
