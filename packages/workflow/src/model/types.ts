import type { Node } from '../expression/parse.ts'
import { functions } from '../schema/contexts.ts'
import type { WorkflowFile } from '../schema/document.gen.ts'
import { pathOf } from './expressions.ts'
import { eventsOf, isMap, type JobPlace } from './jobs.ts'
import { combinationsOf } from './matrix.ts'

export type ValueType = 'boolean' | 'number' | 'text'

/** The type of a value; undefined where it is unknown. */
export type TypeOf = (path: readonly string[], job: JobPlace | undefined) => ValueType | undefined

// Booleans in the payloads of events (Webhook events and payloads).
const booleans =
  /^github\.(?:ref_protected|event\.(?:pull_request\.(?:draft|merged|maintainer_can_modify|locked)|(?:repository|pull_request\.(?:head|base)\.repo|workflow_run\.head_repository)\.(?:fork|private|archived|has_issues)|forced|created|deleted|release\.(?:draft|prerelease)|issue\.(?:locked|draft)))$/

const numbers =
  /^(?:strategy\.(?:job-index|job-total|max-parallel)|github\.event\.(?:number|(?:pull_request|issue|discussion)\.number))$/

// Outputs, variables and secrets are always text.
const texts =
  /^(?:steps\.[^.]+\.(?:outputs\.[^.]+|outcome|conclusion)|needs\.[^.]+\.(?:outputs\.[^.]+|result)|jobs\.[^.]+\.outputs\.[^.]+|env\.[^.]+|vars\.[^.]+|secrets\.[^.]+|runner\.[^.]+|job\.status|github\.event\.inputs\.[^.]+|github\.(?:ref|ref_name|ref_type|event_name|actor|head_ref|base_ref|sha|repository|repository_owner|workflow|job|run_id|run_attempt|run_number|token|server_url|triggering_actor|workspace))$/

/** The known types of the values of a file. */
export function typesIn(data: WorkflowFile): TypeOf {
  const declared = inputTypes(data)
  return (path, job) => {
    const [context, name = ''] = path
    if (path.includes('*')) return undefined
    if (context === 'inputs' && path.length === 2) return declared.get(name)
    if (context === 'matrix' && path.length === 2) return job && matrixType(job, name)
    const text = path.join('.')
    if (booleans.test(text)) return 'boolean'
    return numbers.test(text) ? 'number' : texts.test(text) ? 'text' : undefined
  }
}

/** The type of an expression; undefined where it is unknown. */
export function typeOfNode(
  node: Node,
  typeOf: TypeOf,
  job: JobPlace | undefined,
): ValueType | undefined {
  if (node.kind === 'not') return 'boolean'
  if (node.kind === 'literal') {
    const kind = node.value === null ? undefined : typeof node.value
    return kind === 'string' ? 'text' : (kind as 'number' | 'boolean' | undefined)
  }
  if (node.kind === 'call') return functions[node.name.toLowerCase()]?.returns
  if (node.kind === 'binary') {
    if (node.sign !== '&&' && node.sign !== '||') return 'boolean'
    const left = typeOfNode(node.left, typeOf, job)
    return left === typeOfNode(node.right, typeOf, job) ? left : undefined
  }
  const path = pathOf(node)
  return path && typeOf(path, job)
}

/** Inputs that have one type for every event that starts the workflow. */
function inputTypes(data: WorkflowFile): ReadonlyMap<string, ValueType> {
  const types = new Map<string, ValueType | undefined>()
  for (const { inputs } of eventsOf(data).values()) {
    for (const [key, input] of Object.entries(isMap(inputs) ? inputs : {})) {
      const name = key.toLowerCase()
      const given = isMap(input) ? input.type : undefined
      const type = given === 'boolean' || given === 'number' ? given : 'text'
      types.set(name, types.has(name) && types.get(name) !== type ? undefined : type)
    }
  }
  return new Map([...types].filter((entry): entry is [string, ValueType] => entry[1] !== undefined))
}

const typeNames = { boolean: 'boolean', number: 'number', string: 'text' } as const

function matrixType(job: JobPlace, key: string): ValueType | undefined {
  const values = combinationsOf(job)?.map(
    (row) => Object.entries(row).find(([name]) => name.toLowerCase() === key)?.[1],
  )
  const types = new Set(values?.map((one) => typeof one))
  const [type] = types
  if (types.size !== 1 || !type || !Object.hasOwn(typeNames, type)) return undefined
  return typeNames[type as keyof typeof typeNames]
}
