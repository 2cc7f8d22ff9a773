import type { Job, Step, StepsJob, WorkflowFile } from '../schema/document.gen.ts'

// Minimal workflows, so that an example shows one fault only.

/** A workflow of one job with these steps. */
export function withSteps(...steps: readonly Step[]): WorkflowFile {
  return withJob({ steps })
}

/** A workflow of one job. */
export function withJob(job: Partial<StepsJob>): WorkflowFile {
  return withJobs({ build: { 'runs-on': 'ubuntu-24.04', ...job } })
}

/** A workflow of these jobs. */
export function withJobs(jobs: { readonly [id: string]: Job }): WorkflowFile {
  return { on: 'push', permissions: {}, jobs }
}

/** A commit, for actions in examples. */
export const commit = '3d3c42e5aac5ba805825da76410c181273ba90b1'
