import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../document.ts'
import { withJob } from './reading/example.ts'
import { expressionsOf, nodesIn, pathOf } from './reading/expressions.ts'

export const botCondition: Rule<WorkflowFile> = {
  id: 'workflow/bot-condition',
  kind: 'insecure',
  summary: 'Trust in a name that a stranger can borrow',
  why: 'github.actor is who did the last thing, not who wrote the code: a stranger can make a bot do it.',
  help: 'Ask who opened it: github.event.pull_request.user.login.',
  references: ['zizmor bot-conditions'],
  bad: withJob({ if: "github.actor == 'dependabot[bot]'" }),
  good: withJob({ if: "github.event.pull_request.user.login == 'dependabot[bot]'" }),
  *check({ data }) {
    for (const { path, node, code } of expressionsOf(data)) {
      for (const one of node ? nodesIn(node) : []) {
        if (one.kind !== 'binary' || one.sign !== '==') continue
        const sides = [one.left, one.right]
        const actor = sides.some((side) =>
          /^github,(?:triggering_)?actor$/.test(String(pathOf(side))),
        )
        const bot = sides.some(
          (side) => side.kind === 'literal' && /\[bot\]$/.test(String(side.value)),
        )
        if (actor && bot) yield { path, message: `${code} trusts who came last` }
      }
    }
  },
}
