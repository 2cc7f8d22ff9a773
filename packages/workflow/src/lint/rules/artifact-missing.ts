import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { globOf, nameOf, namesOf } from '../model/artifacts.ts'
import { calledFile } from '../model/called-workflow.ts'
import { commit, withJobs } from '../model/example.ts'
import { inputOf, type JobPlace, jobsOf, needsOf, type UsePlace, usesOf } from '../model/jobs.ts'

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

/** Names that a file uploads, and the job; undefined where something that is not known may upload. */
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

/** Actions that upload nothing. Any other may. */
const isSilent =
  /^(?:actions\/(?:cache|setup-[a-z]+|attest)(?:\/\w+)?|erlef\/setup-beam|docker\/(?:login|setup-buildx|setup-qemu|metadata)-action|sigstore\/cosign-installer)$/

/** The artifact of this run that a step downloads; undefined where it is of another, or not known. */
function wantedBy(
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
  // An expression of the upload may become anything that the glob asks for.
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
  summary: 'A download of an artifact that no job before it uploads',
  why: 'The step fails: there is no artifact of that name, or not yet.',
  hint: 'Mend the name, or let the job need the one that uploads it.',
  references: ['actions/download-artifact'],
  bad: pair('biuld'),
  good: pair('build'),
  *check(document, context) {
    const { data } = document
    const uploads = uploadsIn(data, (uses) => calledFile(uses, document, context))
    if (!uploads) return
    const jobs = new Map(jobsOf(data).map((place) => [place.id.toLowerCase(), place]))
    for (const place of usesOf(data)) {
      const wanted = wantedBy(place)
      if (!wanted) continue
      const found = uploads.filter(({ name, text }) => wanted.fits(name, text))
      const earlier = before(place.job, jobs)
      const isThere = found.some(
        ({ job }) => job === place.job.id || earlier.has(job.toLowerCase()),
      )
      if (isThere) continue
      const [late] = found
      const message = JSON.stringify(wanted.text)
      yield {
        path: [...place.path, 'with'],
        message: late
          ? `the artifact ${message} is of the job ${late.job}, which the job ${place.job.id} does not need`
          : `no job uploads the artifact ${message}`,
        ...(late && { hint: `Add ${late.job} to the needs of ${place.job.id}.` }),
      }
    }
  },
}
