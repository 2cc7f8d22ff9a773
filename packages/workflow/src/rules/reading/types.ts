import type { WorkflowFile } from '../../document.ts'
import { eventsOf, isMap, type JobPlace } from './jobs.ts'
import { combinationsOf } from './matrix.ts'

export type ValueType = 'boolean' | 'text'

// What the payload of an event has as true or false (Webhook events and payloads).
const booleans =
  /^github\.(?:ref_protected|event\.(?:pull_request\.(?:draft|merged|maintainer_can_modify|auto_merge|locked)|(?:repository|pull_request\.(?:head|base)\.repo|workflow_run\.head_repository)\.(?:fork|private|archived|has_issues)|forced|created|deleted|release\.(?:draft|prerelease)|issue\.(?:locked|draft)))$/

// Outputs, variables and secrets are text, whatever was written into them.
const texts =
  /^(?:steps\.[^.]+\.(?:outputs\.[^.]+|outcome|conclusion)|needs\.[^.]+\.(?:outputs\.[^.]+|result)|jobs\.[^.]+\.outputs\.[^.]+|env\.[^.]+|vars\.[^.]+|secrets\.[^.]+|github\.event\.inputs\.[^.]+|github\.(?:ref|ref_name|ref_type|event_name|actor|head_ref|base_ref|sha|repository|run_id|run_attempt|run_number))$/

/** The types that are known of the values of a file. */
export function typesIn(
  data: WorkflowFile,
): (path: readonly string[], job: JobPlace | undefined) => ValueType | undefined {
  const declared = inputTypes(data)
  return (path, job) => {
    const [context, name = ''] = path
    if (context === 'inputs' && path.length === 2) return declared.get(name)
    if (context === 'matrix' && path.length === 2) return job && matrixType(job, name)
    const text = path.join('.')
    return booleans.test(text) ? 'boolean' : texts.test(text) ? 'text' : undefined
  }
}

/** Inputs that are of one type, whichever event starts the workflow. */
function inputTypes(data: WorkflowFile): ReadonlyMap<string, ValueType> {
  const types = new Map<string, ValueType | undefined>()
  for (const { inputs } of eventsOf(data).values()) {
    for (const [key, input] of Object.entries(isMap(inputs) ? inputs : {})) {
      const name = key.toLowerCase()
      const given = isMap(input) ? input.type : undefined
      const type = given === 'boolean' ? 'boolean' : given === 'number' ? undefined : 'text'
      types.set(name, types.has(name) && types.get(name) !== type ? undefined : type)
    }
  }
  return new Map([...types].filter((entry): entry is [string, ValueType] => entry[1] !== undefined))
}

function matrixType(job: JobPlace, key: string): ValueType | undefined {
  const values = combinationsOf(job)?.flatMap((row) => {
    const entry = Object.entries(row).find(([name]) => name.toLowerCase() === key)
    return entry ? [entry[1]] : []
  })
  if (!values || values.length === 0) return undefined
  if (values.every((one) => typeof one === 'boolean')) return 'boolean'
  return values.every((one) => typeof one === 'string') ? 'text' : undefined
}
