import type { Path } from '@erlmcp/core'

// Which contexts and functions are there, by the place of the text (Contexts reference, "Context
// availability"). Points separate keys, `*` is any of them, and the first that fits decides.
const status = 'always cancelled success failure'
const job = 'github needs strategy matrix inputs vars'
const step = `${job} job runner env secrets steps hashfiles`

const table: readonly (readonly [place: string, names: string])[] = [
  ['run-name', 'github inputs vars'],
  ['concurrency', 'github inputs vars'],
  ['env', 'github secrets inputs vars'],
  ['on.workflow_call.inputs.*.default', 'github inputs vars'],
  ['on.workflow_call.outputs.*.value', 'github jobs vars inputs'],
  ['jobs.*.if', `github needs vars inputs ${status}`],
  ['jobs.*.steps.*.if', `${step.replace(' secrets', '')} ${status}`],
  ['jobs.*.steps.*.parallel.*.if', `${step.replace(' secrets', '')} ${status}`],
  ['jobs.*.steps', step],
  ['jobs.*.snapshot.if', job],
  ['jobs.*.strategy', 'github needs vars inputs'],
  ['jobs.*.env', `${job} secrets`],
  ['jobs.*.secrets', `${job} secrets`],
  ['jobs.*.outputs', `${job} job runner env secrets steps`],
  ['jobs.*.environment.url', `${job} job runner env steps`],
  ['jobs.*.defaults', `${job} env`],
  ['jobs.*.container.env', `${job} job runner env secrets`],
  ['jobs.*.container.credentials', `${job} env secrets`],
  ['jobs.*.services.*.env', `${job} job runner env secrets`],
  ['jobs.*.services.*.credentials', `${job} env secrets`],
  ['jobs.*', job],
]

const rows = table.map(([place, names]) => [place.split('.'), names.split(' ')] as const)

/** What is there for the text at a path; undefined where everything may be. */
export function contextsAt(path: Path): readonly string[] | undefined {
  return rows.find(([place]) =>
    place.every((key, index) => path[index] !== undefined && (key === '*' || key === path[index])),
  )?.[1]
}

/** Whether it is a function that is not there everywhere. */
export function isLimited(name: string): boolean {
  return `${status} hashfiles`.split(' ').includes(name.toLowerCase())
}
