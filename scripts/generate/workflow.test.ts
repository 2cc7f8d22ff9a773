import { schema, validate } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { authorSchema } from '../../packages/workflow/src/schema/author-schema.ts'
import { eventSchema } from '../../packages/workflow/src/schema/event-schemas.ts'
import { key, object, type WorkflowSchema } from '../../packages/workflow/src/schema/facts.ts'
import { findContexts } from '../../packages/workflow/src/schema/find-contexts.ts'
import { workflowSchema } from '../../packages/workflow/src/schema/workflow.ts'
import { documentTypes } from './document-types.ts'
import { renderFile } from './workflow-reference.ts'

// One entry is all that a new key or event takes.

const keysOf = (schema: WorkflowSchema) => (schema.type === 'object' ? schema.keys : {})
const jobs = { build: { 'runs-on': 'ubuntu-24.04', steps: [{ run: 'make' }] } }

describe('a new key of a workflow', () => {
  const region = key(schema.string, 'Where it runs.', { default: '`eu`', contexts: ['github'] })
  const { on, ...rest } = keysOf(workflowSchema)
  const extended = { ...workflowSchema, ...object({ region, on: on!, ...rest }) } as WorkflowSchema
  const file = { region: 'us', on: 'push', jobs }

  test('has a type with its documentation', () => {
    expect(documentTypes(extended).get('WorkflowFile')).toContain(
      '  /** Where it runs. Default: `eu`. */\n  readonly region?: string\n',
    )
  })

  test('is valid in a file and in the options of an author', () => {
    expect(validate(workflowSchema, file)).toMatchObject([{ path: ['region'], code: 'unknown' }])
    expect(validate(extended, file)).toEqual([])
    expect(validate(authorSchema(extended), { region: 'us', on: 'push', jobs: [] })).toEqual([])
  })

  test('has its place in the printed order, and its contexts', () => {
    expect(Object.keys(keysOf(extended))[0]).toBe('region')
    expect(findContexts(['region'], 'workflow', extended)).toEqual(['github'])
  })

  test('is in the reference', () => {
    expect(renderFile(extended)).toContain(
      '| `region` | `string` | Where it runs. Default: `eu`. | `github` |',
    )
  })
})

test('a new event has types, filters and a line in the reference', () => {
  const satellite = eventSchema('satellite', {
    doc: 'A satellite moved.',
    types: ['up', 'down'],
    filters: ['branches'],
  })
  const types = documentTypes(satellite)
  expect(types.get('SatelliteType')).toContain("'up' | 'down'")
  expect(types.get('SatelliteEvent')).toContain("readonly 'branches-ignore'?: Patterns")
  expect(validate(satellite, { types: ['up'], branches: 'main' })).toEqual([])
  expect(validate(satellite, { types: 'upp' })).toMatchObject([{ hint: 'Did you mean `up`?' }])
  expect(renderFile(satellite).join('\n')).toContain('| `types` | `OneOrMore<SatelliteType>` |')
})
