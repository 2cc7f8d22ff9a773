import { schema } from '@erlmcp/core'
import { type EventFacts, events } from './events.ts'
import { key, list, map, object, union, type WorkflowSchema } from './facts.ts'
import { inputsValue } from './lists.ts'
import { oneOrMore, text } from './scalars.ts'

const { boolean, matching, nil, number, oneOf, string } = schema

type Keys = Readonly<Record<string, WorkflowSchema>>

const node = (name: string, doc: string, keys: Keys, required: readonly string[] = []) =>
  key(object(keys, { required }), doc, { typeName: name })

const orNull = (of: WorkflowSchema) => union(of, nil)

const patterns = key(
  oneOrMore(union(string, number)),
  'Names with patterns: `releases/**`, `!releases/old`.',
  { typeName: 'Patterns' },
)

const filterDocs = {
  branches: 'Only these branches; not together with `branches-ignore`.',
  'branches-ignore': 'Every branch but these.',
  tags: 'Only these tags; not together with `tags-ignore`.',
  'tags-ignore': 'Every tag but these.',
  paths: 'Only changes of these paths; not together with `paths-ignore`.',
  'paths-ignore': 'Every change that touches other paths, too.',
  names: 'Only images of these names.',
  versions: 'Only these versions.',
} as const

type Filter = keyof typeof filterDocs

const filterNames = (filters: EventFacts['filters'] = []): readonly Filter[] =>
  filters.flatMap((name): Filter[] =>
    name === 'names' || name === 'versions' ? [name] : [name, `${name}-ignore`],
  )

const pascalCase = (name: string) =>
  name.replaceAll(/(?:^|[_-])(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The filters of an event that has nothing but them. */
function filtersOf(name: string, { doc, types, filters, customTypes }: EventFacts): Keys {
  const known: WorkflowSchema = {
    ...oneOf(...(types ?? [])),
    typeName: `${pascalCase(name)}Type`,
    doc: `Activity types of \`${name}\`: ${doc[0]!.toLowerCase()}${doc.slice(1)}`,
    expected: `an activity type of ${name}`,
    ...(types && { hint: `Use one of ${types.join(', ')}.` }),
  }
  const activity = oneOrMore(customTypes ? string : known)
  return {
    ...((types || customTypes) && { types: key(activity, 'Only these activity types.') }),
    ...Object.fromEntries(filterNames(filters).map((one) => [one, key(patterns, filterDocs[one])])),
  }
}

/** The schema of an event that has nothing but filters. */
export function eventSchema(name: string, facts: EventFacts): WorkflowSchema {
  const filters = filtersOf(name, facts)
  if (Object.keys(filters).length === 0) return key(emptyFilter(name), facts.doc)
  const filter = node(`${pascalCase(name)}Event`, `Filters of \`${name}\`.`, filters)
  return key(orNull(filter), facts.doc)
}

const plainEvents = Object.entries<EventFacts>(events).map(
  ([name, facts]) => [name, eventSchema(name, facts)] as const,
)

/** GitHub accepts nothing below such an event. */
function emptyFilter(name: string): WorkflowSchema {
  return {
    ...nil,
    expected: 'no filters',
    hint: `Write \`${name}: null\`: the event has no filters.`,
  }
}

const inputName = matching(
  /^[A-Za-z_][\w-]*$/,
  'a letter or underscore, then letters, digits, dashes and underscores',
  'Rename the input.',
)

const required = key(boolean, 'Whether it must be given.', { default: '`false`' })
const description = key(text, 'Shown to the user.', { author: { type: 'string' } })
const deprecated = key(string, 'Warning for callers that pass it.')

const callInput = node(
  'CallInput',
  'An input of a reusable workflow.',
  {
    description,
    type: key(oneOf('string', 'boolean', 'number'), 'Type of its value.'),
    required,
    default: key(text, 'Value where the caller passes none.', {
      contexts: ['github', 'inputs', 'vars'],
    }),
    deprecationMessage: deprecated,
  },
  ['type'],
)

const callOutput = node(
  'CallOutput',
  'An output of a reusable workflow.',
  {
    description,
    value: key(text, 'An output of a job: `${{ jobs.build.outputs.digest }}`.', {
      contexts: ['github', 'jobs', 'vars', 'inputs'],
    }),
  },
  ['value'],
)

const callSecret = node('CallSecret', 'A secret of a reusable workflow.', { description, required })

const workflowCall: WorkflowSchema = {
  ...node('WorkflowCall', 'What makes a workflow reusable.', {
    inputs: key(orNull(map(callInput, inputName)), 'Inputs by name.', {
      author: { schema: inputsValue, type: 'InputsValue<Input>' },
    }),
    outputs: key(orNull(map(callOutput)), 'Outputs of its jobs, for the caller.', {
      author: {
        schema: map(schema.any),
        type: '{ readonly [Name in Output]: OutputSpec }',
      },
    }),
    secrets: key(orNull(map(orNull(callSecret))), 'Secrets by name.'),
  }),
  author: { parameters: inputAndOutput() },
}

const dispatchInput = node('DispatchInput', 'An input that the user fills in.', {
  description,
  type: key(oneOf('string', 'boolean', 'number', 'choice', 'environment'), 'Type of its value.', {
    default: '`string`',
  }),
  required,
  default: key(text, 'Value where the user enters none.'),
  options: key(list(text), 'What can be chosen, for `choice`.'),
  deprecationMessage: deprecated,
})

const workflowDispatch = node('WorkflowDispatch', 'What a user can start, and with which inputs.', {
  inputs: key(orNull(map(orNull(dispatchInput))), 'Inputs by name, at most 25.', {
    author: { schema: inputsValue, type: 'InputsValue' },
  }),
})

const schedule = node(
  'Schedule',
  'One time of a schedule.',
  {
    cron: key(string, 'Minute, hour, day of month, month, day of week; at most every 5 minutes.'),
    timezone: key(string, 'IANA name, such as `Europe/Berlin`.', { default: 'UTC' }),
  },
  ['cron'],
)

const workflowRun = node('WorkflowRunEvent', 'Filters of `workflow_run`.', {
  workflows: key(oneOrMore(string), 'Names of the workflows that it follows.'),
  ...filtersOf('workflow_run', events.workflow_run),
})

const special: Keys = {
  schedule: key(list(schedule), events.schedule.doc),
  workflow_call: key(orNull(workflowCall), events.workflow_call.doc),
  workflow_dispatch: key(orNull(workflowDispatch), events.workflow_dispatch.doc),
  workflow_run: key(orNull(workflowRun), events.workflow_run.doc),
}

const eventsSchema = node('Events', 'Every event, and what filters it.', {
  ...Object.fromEntries(plainEvents),
  ...special,
})

const eventName: WorkflowSchema = {
  ...oneOf(...Object.keys(events)),
  typeName: 'EventName',
  doc: 'The name of an event.',
  expected: 'the name of an event',
  hint: `Use one of ${Object.keys(events).join(', ')}.`,
}

export const on = key(
  union(eventName, list(eventName), {
    ...eventsSchema,
    author: { name: 'EventsSpec', parameters: inputAndOutput() },
  }),
  'What starts a workflow: an event, several, or several with filters.',
  { typeName: 'On', contexts: [] },
)

function inputAndOutput(): string {
  return '<Input extends string = string, Output extends string = string>'
}
