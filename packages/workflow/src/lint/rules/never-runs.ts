import type { Rule } from '@erlmcp/core'
import { type Node, parseExpression } from '../../expression/parse.ts'
import { pathOf } from '../../model/expressions.ts'
import { eventsOf, type JobPlace, jobsOf, needsOf } from '../../model/jobs.ts'
import { conditionOf, followsNeeds } from '../../model/skips.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJobs } from '../example.ts'

/** The text that each property must have for a condition to be true. */
function demandsOf(place: JobPlace): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const visit = (node: Node): void => {
    if (node.kind !== 'binary') return
    if (node.sign === '&&') {
      visit(node.left)
      visit(node.right)
    }
    if (node.sign !== '==') return
    const [path, other] = pathOf(node.left) ? [node.left, node.right] : [node.right, node.left]
    const name = pathOf(path)?.join('.')
    const value = other.kind === 'literal' ? String(other.value).toLowerCase() : undefined
    if (name?.startsWith('github.') && value !== undefined) found.set(name, value)
  }
  try {
    const code = conditionOf(place)
    if (code !== undefined) visit(parseExpression(code))
  } catch {
    // Another rule reports invalid expressions.
  }
  return found
}

const chain = (event: string) => ({
  ...withJobs({
    build: { 'runs-on': 'ubuntu-24.04', if: "github.event_name == 'push'" },
    comment: { 'runs-on': 'ubuntu-24.04', needs: 'build', if: `github.event_name == '${event}'` },
  }),
  on: ['push', 'pull_request'] as const,
})

export const neverRuns: Rule<WorkflowFile> = {
  id: 'workflow/never-runs',
  kind: 'breaks',
  summary: 'Job that never runs',
  why: 'A job is skipped when a job that it needs is skipped, and their conditions exclude each other.',
  hint: 'Remove the need, or let the job run after a skipped one: `if: !cancelled() && …`.',
  references: ['Workflow syntax, jobs.<job_id>.needs'],
  bad: chain('pull_request'),
  good: chain('push'),
  *check({ data }) {
    const jobs = new Map(jobsOf(data).map((place) => [place.id.toLowerCase(), place]))
    const events = eventsOf(data)
    for (const place of jobs.values()) {
      const own = demandsOf(place)
      const event = own.get('github.event_name')
      // A called workflow sees the event of its caller.
      if (event !== undefined && !events.has(event) && !events.has('workflow_call')) {
        const message = `the job ${place.id} runs for ${event}, which is not under \`on\``
        yield {
          path: [...place.path, 'if'],
          message,
          hint: `Add ${event} to \`on\`, or fix the name.`,
        }
      }
      if (!followsNeeds(place)) continue
      for (const id of needsOf(place.job)) {
        const need = jobs.get(id.toLowerCase())
        const clash =
          need && [...demandsOf(need)].find(([path, value]) => (own.get(path) ?? value) !== value)
        if (!clash) continue
        const [path, value] = clash
        const message = `the job ${place.id} requires ${path} == '${own.get(path)}', but needs ${id}, which requires '${value}'`
        yield { path: [...place.path, 'if'], message }
      }
    }
  },
}
