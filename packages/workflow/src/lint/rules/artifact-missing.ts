import type { Rule } from '@erlmcp/core'
import { globOf, nameOf, namesOf } from '../../model/artifacts.ts'
import { calledFile } from '../../model/called-workflow.ts'
import { inputOf, type JobPlace, jobsOf, needsOf, type UsePlace, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withJobs } from '../example.ts'

const pair = (name: string) =>
  withJobs({
    build: {
      'runs-on': 'ubuntu-24.04',
      steps: [{ uses: `actions/upload-artifact@${commit}`, with: { name: 'build', path: 'a' } }],
    },
    test: {
      'runs-on': 'ubuntu-24.04',
      needs: 'build',
      steps: [{ uses: `actions/download-artifact@${commit}`, with: { name } }],
    },
  })

/** Names that a file uploads, and the job; undefined where an unknown action may upload. */
function uploadsIn(
  data: WorkflowFile,
  called: (uses: string) => WorkflowFile | undefined,
  depth = 0,
): readonly { readonly job: string; readonly name: RegExp; readonly text: string }[] | undefined {
  const found: { job: string; name: RegExp; text: string }[] = []
  for (const { id, job } of jobsOf(data)) {
    if (job.uses === undefined) continue
    const inner = depth < 5 ? called(job.uses) : undefined
    const uploads = inner && uploadsIn(inner, called, depth + 1)
    if (!uploads) return undefined
    found.push(...uploads.map((one) => ({ ...one, job: id })))
  }
  for (const place of usesOf(data)) {
    const { action, kind } = place.uses
    if (action === 'actions/download-artifact' || action === 'actions/checkout') continue
    if (action === 'actions/upload-artifact' && typeof place.step.with !== 'string') {
      const text = nameOf(place)
      found.push({ job: place.job.id, name: namesOf(text), text })
    } else if (kind !== 'action' || !isSilent.test(action)) return undefined
  }
  return found
}

/** Actions that upload nothing; any other action may. */
const isSilent =
  /^(?:actions\/(?:cache|setup-[a-z]+|attest)(?:\/\w+)?|erlef\/setup-beam|docker\/(?:login|setup-buildx|setup-qemu|metadata)-action|sigstore\/cosign-installer)$/

/** The artifact of this run that a step downloads; undefined for other runs and unknown names. */
function artifactOf(
  place: UsePlace,
): { text: string; fits: (upload: RegExp, text: string) => boolean } | undefined {
  if (place.uses.action !== 'actions/download-artifact' || typeof place.step.with === 'string')
    return
  if (['run-id', 'repository', 'github-token', 'artifact-ids'].some((key) => inputOf(place, key)))
    return
  const [name, pattern] = [inputOf(place, 'name'), inputOf(place, 'pattern')].map((one) =>
    one === undefined || one === '' ? undefined : String(one),
  )
  const text = name ?? pattern
  if (text === undefined || text.includes('${{')) return
  if (name !== undefined) return { text, fits: (upload) => upload.test(name) }
  const glob = globOf(text)
  // An expression in the name of the upload may match the glob.
  return { text, fits: (_, upload) => upload.includes('${{') || glob.test(upload) }
}

/** The jobs that have ended when a job begins. */
function before(place: JobPlace, jobs: ReadonlyMap<string, JobPlace>): Set<string> {
  const all = new Set<string>()
  const visit = (one: JobPlace): void => {
    for (const id of needsOf(one.job).map((need) => need.toLowerCase())) {
      if (all.has(id)) continue
      all.add(id)
      const need = jobs.get(id)
      if (need) visit(need)
    }
  }
  visit(place)
  return all
}

export const artifactMissing: Rule<WorkflowFile> = {
  id: 'workflow/artifact-missing',
  kind: 'breaks',
  summary: 'Download of an artifact that no earlier job uploads',
  why: 'The step fails: the artifact does not exist, or not yet.',
  hint: 'Fix the name, or add the job that uploads it to `needs`.',
  references: ['actions/download-artifact'],
  bad: pair('biuld'),
  good: pair('build'),
  *check(document, context) {
    const { data } = document
    const uploads = uploadsIn(data, (uses) => calledFile(uses, document, context))
    if (!uploads) return
    const jobs = new Map(jobsOf(data).map((place) => [place.id.toLowerCase(), place]))
    for (const place of usesOf(data)) {
      const wanted = artifactOf(place)
      if (!wanted) continue
      const found = uploads.filter(({ name, text }) => wanted.fits(name, text))
      const earlier = before(place.job, jobs)
      const isThere = found.some(
        ({ job }) => job === place.job.id || earlier.has(job.toLowerCase()),
      )
      if (isThere) continue
      const [late] = found
      const artifact = JSON.stringify(wanted.text)
      yield {
        path: [...place.path, 'with'],
        message: late
          ? `the job ${place.job.id} downloads the artifact ${artifact} of the job ${late.job} without needing it`
          : `no job uploads the artifact ${artifact}`,
        ...(late && { hint: `Add ${late.job} to the needs of ${place.job.id}.` }),
      }
    }
  },
}
