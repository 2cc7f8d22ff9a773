import type { Path, Rule } from '@erlmcp/core'
import { isMap, jobsOf, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

/** Every image that a job runs. */
function* imagesIn(data: WorkflowFile): Iterable<{ readonly path: Path; readonly image: string }> {
  for (const { path, uses } of usesOf(data)) {
    if (uses.kind === 'image') yield { path: [...path, 'uses'], image: uses.text }
  }
  for (const { job, path } of jobsOf(data)) {
    const services = isMap(job.services) ? Object.entries(job.services) : []
    const places = services.map(([name, value]) => [['services', name], value] as const)
    for (const [at, value] of [[['container'], job.container] as const, ...places]) {
      const image = isMap(value) ? value.image : value
      if (typeof image === 'string') yield { path: [...path, ...at], image }
    }
  }
}

export const unpinnedImages: Rule<WorkflowFile> = {
  id: 'workflow/unpinned-images',
  kind: 'insecure',
  severity: 'note',
  summary: 'Image without a digest',
  why: 'An attacker who controls the tag controls code that runs in this job, beside its secrets.',
  hint: 'Add the digest: `image:tag@sha256:…`.',
  references: ['zizmor unpinned-images', 'Scorecard Pinned-Dependencies'],
  bad: withJob({ container: { image: 'erlang:28' } }),
  good: withJob({ container: { image: `erlang:28@sha256:${'0'.repeat(64)}` } }),
  *check({ data }) {
    for (const { path, image } of imagesIn(data)) {
      if (/@sha256:[0-9a-f]{64}$/.test(image) || image === '' || image.includes('${{')) continue
      yield { path, message: `${image} has no digest` }
    }
  },
}
