import { schema as kit } from '@erlmcp/core'
import { object, union, type WorkflowSchema } from './facts.ts'
import { value } from './scalars.ts'

type Contexts = readonly string[] | undefined

const plainText = union(kit.string, kit.number, kit.boolean)

const known = new WeakMap<WorkflowSchema, WorkflowSchema>()

/** What validates the options that an author writes for an object of a file. */
export function authorSchema(schema: WorkflowSchema): WorkflowSchema {
  const found = known.get(schema) ?? derive(schema, undefined)
  known.set(schema, found)
  return found
}

function derive(schema: WorkflowSchema, inherited: Contexts): WorkflowSchema {
  const contexts = schema.contexts ?? inherited
  if (isPlainText(schema, contexts)) return plainText
  if (schema.author?.schema) return schema.author.schema
  if (isSame(schema, inherited)) return schema
  switch (schema.type) {
    case 'string':
      return contexts?.length === 0 ? schema : value
    case 'list':
      return { ...schema, items: derive(schema.items, contexts) }
    case 'map':
      return { ...schema, values: derive(schema.values, contexts) }
    case 'union':
      return union(...schema.options.map((one) => derive(one, contexts)))
    case 'object': {
      const { author = {} } = schema
      const own = Object.entries(schema.keys).filter(([, one]) => !one.author?.omit)
      const keys = Object.fromEntries(own.map(([name, one]) => [name, derive(one, contexts)]))
      return object(
        { ...keys, ...author.keys },
        { required: author.required ?? schema.required, additional: schema.additional },
      )
    }
    default:
      return schema
  }
}

/** Whether it is text that no expression can be in. */
export const isPlainText = ({ typeName }: WorkflowSchema, contexts: Contexts): boolean =>
  typeName === 'Text' && contexts?.length === 0

/** Whether an author writes the same as the file has: no expressions, no values. */
export function isSame(schema: WorkflowSchema, inherited: Contexts): boolean {
  const contexts = schema.contexts ?? inherited
  if (schema.author !== undefined) return false
  switch (schema.type) {
    case 'string':
      return contexts?.length === 0
    case 'list':
      return isSame(schema.items, contexts)
    case 'map':
      return isSame(schema.values, contexts)
    case 'union':
      return schema.options.every((one) => isSame(one, contexts))
    case 'object':
      return Object.values(schema.keys).every((one) => isSame(one, contexts))
    default:
      return true
  }
}
