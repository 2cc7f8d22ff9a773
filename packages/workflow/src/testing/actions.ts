import { stack, synthesize } from '@erlmcp/core'
import { compositeAction, type If, type InputsValue, job, run, uses, workflow } from '../index.ts'

/** What is found in an action with a step that has this condition. */
export function diagnosticsOfAction(given: InputsValue, condition: If): string[] {
  const action = compositeAction('setup/action.yml', {
    name: 'Setup',
    description: 'First',
    inputs: given,
    steps: [run('make', { if: condition })],
  })
  const one = job('a', { 'runs-on': 'ubuntu-24.04', steps: [uses(action)] })
  const flow = workflow('.github/workflows/a.yml', { on: 'push', jobs: [one] })
  return synthesize(stack('shop', [flow])).diagnostics.map(({ rule }) => rule)
}
