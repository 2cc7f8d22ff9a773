import type { Path } from '@erlmcp/core'

// Which contexts and functions are there, by the place of the text (Contexts reference, "Context
// availability"). Points separate keys, `*` is any of them, and the first that fits decides.
const status = 'always cancelled success failure'
const job = 'github needs strategy matrix inputs vars'
const step = `${job} job runner env secrets steps hashfiles`

type Table = readonly (readonly [place: string, names: string])[]

const workflowTable: Table = [
  ['run-name', 'github inputs vars'],
  ['concurrency', 'github inputs vars'],
  ['env', 'github secrets inputs vars'],
  ['on.workflow_call.inputs.*.default', 'github inputs vars'],
  ['on.workflow_call.outputs.*.value', 'github jobs vars inputs'],
  ['jobs.*.if', `github needs vars inputs ${status}`],
  ['jobs.*.steps.*.if', `${step.replace(' secrets', '')} ${status}`],
  ['jobs.*.steps.*.parallel.*.if', `${step.replace(' secrets', '')} ${status}`],
  ...withoutExpression('jobs.*.steps.*', 'id uses shell background wait wait-all cancel'),
  ...withoutExpression('jobs.*.steps.*.parallel.*', 'id uses shell'),
  ['jobs.*.steps', step],
  ['jobs.*.snapshot.if', job],
  ['jobs.*.strategy', 'github needs vars inputs'],
  ['jobs.*.env', `${job} secrets`],
  ['jobs.*.secrets', `${job} secrets`],
  ['jobs.*.outputs', `${job} job runner env secrets steps`],
  ['jobs.*.environment.url', `${job} job runner env steps`],
  ['jobs.*.defaults.run', `${job} env`],
  ['jobs.*.container.env', `${job} job runner env secrets steps`],
  ['jobs.*.container.credentials', `${job} env secrets`],
  ['jobs.*.services.*.env', `${job} job runner env secrets steps`],
  ['jobs.*.services.*.credentials', `${job} env secrets`],
  ...withoutExpression('jobs.*', 'needs permissions uses snapshot'),
  ['jobs.*', job],
  ...'name description on permissions defaults'.split(' ').map((key) => [key, ''] as const),
]

const inAction = 'github inputs strategy matrix steps job runner env'

const actionTable: Table = [
  ['inputs.*.default', 'github strategy matrix job runner hashfiles'],
  ['outputs.*.value', inAction],
  ['runs.steps.*.if', `${inAction} hashfiles ${status}`],
  ...withoutExpression('runs.steps.*', 'id uses'),
  ['runs.steps', `${inAction} hashfiles`],
  ['runs.args', 'inputs'],
  ['runs.env', 'inputs'],
  ['*', ''],
]

function withoutExpression(place: string, keys: string): Table {
  return keys.split(' ').map((key) => [`${place}.${key}`, ''] as const)
}

const rowsOf = (table: Table) =>
  table.map(([place, names]) => [place.split('.'), names.split(' ').filter(Boolean)] as const)

const rows = { workflow: rowsOf(workflowTable), action: rowsOf(actionTable) }

/**
 * The contexts and limited functions that text at a path may use. Empty: it takes no expression.
 * Undefined where a key is not known.
 */
export function contextsAt(
  path: Path,
  kind: keyof typeof rows = 'workflow',
): readonly string[] | undefined {
  const row = rows[kind].find(([place]) =>
    place.every((key, index) => path[index] !== undefined && (key === '*' || key === path[index])),
  )
  return row?.[1]
}

/** Whether it is a function that is not there everywhere. */
export function isLimited(name: string): boolean {
  return `${status} hashfiles`.split(' ').includes(name.toLowerCase())
}
