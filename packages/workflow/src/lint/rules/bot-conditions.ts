import type { Rule } from '@erlmcp/core'
import { expressionsOf, nodesIn, pathOf } from '../../model/expressions.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

/** The last actor, by name or number. */
const last =
  /^github\.(?:(?:triggering_)?actor(?:_id)?|event(?:\.pull_request)?\.sender\.(?:login|id))$/

/** A bot's name; the numbers of Dependabot, Renovate and GitHub Actions (zizmor, bot-conditions). */
const bots = /\[bot\]$|^(?:49699333|27856297|29139614|29110|41898282)$/

export const botConditions: Rule<WorkflowFile> = {
  id: 'workflow/bot-conditions',
  kind: 'insecure',
  summary: 'Trust in a spoofable actor',
  why: 'github.actor is the last actor, not the author of the code: an attacker can trigger a bot to act on a pull request.',
  hint: 'Check the author: github.event.pull_request.user.login.',
  references: ['zizmor bot-conditions'],
  bad: withJob({ if: "github.actor == 'dependabot[bot]'" }),
  good: withJob({ if: "github.event.pull_request.user.login == 'dependabot[bot]'" }),
  *check({ data }) {
    for (const { path, node, code } of expressionsOf(data)) {
      for (const one of node ? nodesIn(node) : []) {
        if (one.kind !== 'binary' || one.sign !== '==') continue
        const sides = [one.left, one.right]
        const actor = sides.some((side) => last.test(pathOf(side)?.join('.') ?? ''))
        const bot = sides.some((side) => side.kind === 'literal' && bots.test(String(side.value)))
        if (actor && bot) yield { path, message: `${code} trusts the last actor` }
      }
    }
  },
}
