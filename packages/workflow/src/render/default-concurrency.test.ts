import type { Document } from '@erlmcp/core'
import { type Evaluate, githubExpressions } from '@erlmcp/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Concurrency,
  type EventName,
  job,
  run,
  type WorkflowFile,
  type WorkflowSpec,
  workflow,
} from '../index.ts'

/** One run: the event that started it, and what GitHub knows of it. */
interface Run {
  readonly event_name: string
  readonly run_id: string
  readonly ref?: string
  readonly sha?: string
  readonly event: Readonly<Record<string, unknown>>
}

/** What each event says about its subject, as GitHub sends it. */
const payloads: Readonly<Record<EventName, (n: number) => Omit<Run, 'event_name' | 'run_id'>>> = {
  branch_protection_rule: (n) => main({ rule: { id: n } }),
  check_run: (n) => main({ check_run: { id: n, pull_requests: [{ number: 1 }] } }),
  check_suite: (n) => main({ check_suite: { id: n, head_sha: sha(n) } }),
  create: (n) => ({ ref: `refs/heads/b${n}`, event: { ref: `b${n}`, ref_type: 'branch' } }),
  delete: (n) => main({ ref: `b${n}`, ref_type: 'branch' }),
  deployment: (n) => ({ ref: 'refs/heads/main', event: { deployment: { id: n } } }),
  deployment_status: (n) => ({ event: { deployment_status: { id: n }, deployment: { id: 1 } } }),
  discussion: (n) => main({ action: 'created', discussion: { number: n } }),
  discussion_comment: (n) => main({ discussion: { number: 1 }, comment: { id: n } }),
  fork: (n) => main({ forkee: { id: n } }),
  gollum: (n) => main({ pages: [{ page_name: `p${n}` }] }),
  image_version: (n) => main({ image_version: { version: `1.${n}` } }),
  issue_comment: (n) =>
    main({ action: 'created', issue: { number: 1, pull_request: {} }, comment: { id: n } }),
  issues: (n) => main({ action: 'opened', issue: { number: n } }),
  label: (n) => main({ label: { name: `l${n}` } }),
  merge_group: (n) => ({
    ref: `refs/heads/gh-readonly-queue/main/pr-1-${sha(n)}`,
    event: { merge_group: { head_sha: sha(n), base_ref: 'refs/heads/main' } },
  }),
  milestone: (n) => main({ milestone: { number: n } }),
  page_build: (n) => main({ build: { commit: sha(n) } }),
  project: (n) => main({ project: { number: n } }),
  project_card: (n) => main({ project_card: { id: n } }),
  project_column: (n) => main({ project_column: { id: n } }),
  public: () => main({}),
  pull_request: (n) => pullRequest(n),
  pull_request_comment: (n) => main({ issue: { number: 1, pull_request: {} }, comment: { id: n } }),
  pull_request_review: (n) => ({ ...pullRequest(1, 'submitted'), sha: sha(n) }),
  pull_request_review_comment: (n) => ({ ...pullRequest(1, 'created'), sha: sha(n) }),
  pull_request_target: (n) => ({ ...pullRequest(n), ref: 'refs/heads/main' }),
  push: (n) => ({ ref: 'refs/heads/main', sha: sha(n), event: { after: sha(n) } }),
  registry_package: (n) => main({ registry_package: { id: n } }),
  release: (n) => ({ ref: `refs/tags/v${n}`, event: { release: { tag_name: `v${n}` } } }),
  repository_dispatch: (n) => main({ action: 'rebuild', client_payload: { id: n } }),
  schedule: () => main({ schedule: '0 3 * * *' }),
  status: (n) => main({ sha: sha(n), context: 'ci' }),
  watch: (n) => main({ sender: { id: n } }),
  workflow_call: (n) => ({ ref: 'refs/heads/main', sha: sha(n), event: { after: sha(n) } }),
  workflow_dispatch: (n) => main({ inputs: { target: `t${n}` } }),
  workflow_run: (n) => main({ workflow_run: { id: n, head_branch: 'main' } }),
}

const sha = (n: number) => String(n).padStart(40, '0')
const main = (event: object) => ({ ref: 'refs/heads/main', sha: sha(1), event: { ...event } })
const pullRequest = (number: number, action = 'synchronize') => ({
  ref: `refs/pull/${number}/merge`,
  event: { action, number, pull_request: { number } },
})

const events = Object.keys(payloads) as EventName[]

let evaluate: Evaluate
beforeAll(async () => {
  evaluate = await githubExpressions()
})

function concurrencyOf(on: WorkflowSpec['on'], path = 'ci.yml'): Concurrency | undefined {
  const make = job('build', { 'runs-on': 'ubuntu-24.04', steps: [run('make')] })
  const value = workflow(`.github/workflows/${path}`, { name: 'CI', on, jobs: [make] })
  const [document] = [...value.documents({ stack: 'shop' })] as [Document<WorkflowFile>]
  return document.data.concurrency as Concurrency | undefined
}

/** The group of a run; a run of a workflow without groups has one of its own. */
function groupOf(on: WorkflowSpec['on'], { event_name, ...one }: Run, path?: string): string {
  const group = concurrencyOf(on, path)?.group
  const github = { event_name, workflow: 'CI', ...one }
  return group ? evaluate(String(group), { github }) : `alone ${one.run_id}`
}

// Run numbers are small on a server of one's own: they must not be taken for pull requests.
const runOf = (event_name: EventName, subject: number, run_id: number): Run => ({
  event_name,
  run_id: String(run_id),
  ...payloads[event_name](subject),
})

/** Every way to say these events that has filters where it can. */
const together: WorkflowSpec['on'] = events.filter((name) => name !== 'workflow_call')

describe('the default concurrency', () => {
  it.each(events)('never puts two subjects of %s into one group', (name) => {
    for (const on of [name, [name, 'pull_request'], together] as const) {
      expect(groupOf(on, runOf(name, 1, 11))).not.toBe(groupOf(on, runOf(name, 2, 12)))
    }
  })

  it.each(events.filter((name) => name !== 'pull_request'))(
    'never replaces a run of %s, not even by one of the same subject',
    (name) => {
      for (const on of [name, [name, 'pull_request'], together] as const) {
        expect(groupOf(on, runOf(name, 1, 11))).not.toBe(groupOf(on, runOf(name, 1, 12)))
      }
    },
  )

  it('ends the run of the older commit of a pull request', () => {
    for (const on of ['pull_request', ['push', 'pull_request'], together] as const) {
      const [older, newer] = [runOf('pull_request', 7, 11), runOf('pull_request', 7, 12)]
      expect(groupOf(on, older)).toBe(groupOf(on, newer))
      expect(concurrencyOf(on)?.['cancel-in-progress']).toBe(true)
    }
  })

  it.each(events)('keeps %s apart from a pull request of the same number', (name) => {
    if (name === 'pull_request') return
    for (const run_id of [7, 11]) {
      const other = runOf(name, 7, run_id)
      expect(groupOf(together, other)).not.toBe(groupOf(together, runOf('pull_request', 7, 7)))
    }
  })

  it('does not end the run of a commit because the pull request got a label', () => {
    const on = { pull_request: { types: ['opened', 'synchronize', 'labeled'] } } as const
    const of = (action: string, run_id: string) =>
      groupOf(on, { event_name: 'pull_request', run_id, ...pullRequest(7, action) })
    expect(of('synchronize', '11')).toBe(of('opened', '12'))
    expect(of('labeled', '13')).not.toBe(of('synchronize', '11'))
    expect(of('labeled', '13')).not.toBe(of('labeled', '14'))
    expect(concurrencyOf({ pull_request: { types: ['closed'] } })).toMatchObject({
      'cancel-in-progress': false,
    })
  })

  it('keeps two files of one name apart', () => {
    const one = runOf('pull_request', 7, 11)
    expect(groupOf('pull_request', one, 'a.yml')).not.toBe(groupOf('pull_request', one, 'b.yml'))
  })

  it('is not there for a workflow that is called: its caller waits for it', () => {
    expect(concurrencyOf(['workflow_call', 'pull_request'])).toBeUndefined()
  })
})
