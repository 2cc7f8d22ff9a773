import { schema } from '@erlmcp/core'
import { actionContexts, statusFunctions, stepConditionContexts, stepContexts } from './contexts.ts'
import { key, list, map, object, union, type WorkflowSchema } from './facts.ts'
import {
  booleanLike,
  condition,
  expressionText,
  numberLike,
  oneOrMore,
  text,
  texts,
  value,
  variables,
} from './scalars.ts'

const { boolean, kind, nil, string } = schema

type Keys = Readonly<Record<string, WorkflowSchema>>
type Facts = Readonly<Record<string, WorkflowSchema>>

const omit = { author: { omit: true } }

// In the order in which they are printed.
const keys = {
  name: key(text, 'Shown in the log.', { default: 'what it runs' }),
  id: key(string, 'Unique in the job; expressions refer to `steps.<id>`.', { contexts: [] }),
  if: key(condition, 'Whether it runs.', {
    default: '`success()`',
    contexts: stepConditionContexts,
  }),
  uses: key(
    string,
    'The action: `owner/repo@ref`, `owner/repo/path@ref`, `./path`, `$/path`, `docker://image`.',
    { contexts: [], ...omit },
  ),
  with: key(union(texts, expressionText, nil), 'Inputs of the action.', {
    author: {
      schema: map(union(value, kind('deferred'))),
      type: '{ readonly [Name in Input]?: Value | Deferred }',
    },
  }),
  run: key(text, 'The script.', omit),
  parallel: key(list(schema.any), 'Steps that run at once.', omit),
  wait: key(oneOrMore(string), 'Ids of background steps to wait for.', {
    contexts: [],
    since: '2026',
    ...omit,
  }),
  'wait-all': key(union(boolean, nil), 'Waits for every background step before it.', {
    contexts: [],
    since: '2026',
    ...omit,
  }),
  cancel: key(string, 'Id of the background step to stop.', {
    contexts: [],
    since: '2026',
    ...omit,
  }),
  shell: key(
    string,
    '`bash` (with pipefail), `sh`, `pwsh`, `powershell`, `cmd`, `python`, or a command with `{0}`.',
    { contexts: [], author: { default: '`bash`' } },
  ),
  'working-directory': key(text, 'Folder of the script, relative to the workspace.', {
    author: {
      schema: union(value, kind('deferred')),
      type: 'Value | Deferred',
      default: 'the folder of the stack, after a checkout',
    },
  }),
  env: key(variables, 'Environment variables of the step.'),
  background: key(boolean, 'Whether the next step starts at once.', {
    default: '`false`',
    contexts: [],
    since: '2026',
  }),
  'continue-on-error': key(booleanLike, 'Whether the job goes on when it fails.', {
    default: '`false`',
  }),
  'timeout-minutes': key(numberLike, 'Minutes until it is stopped.', {
    default: 'the limit of the job',
  }),
} satisfies Keys

type Key = keyof typeof keys

/** Keys of every step, in the order in which they are printed. */
export const stepKeys = Object.keys(keys)

const comment = key(string, 'Printed above the step; not a key of GitHub.', {
  contexts: [],
})
const outputs = key(list(string), 'Names of its outputs; it needs an `id`.', {
  author: { omit: true },
})

interface StepFacts {
  readonly author?: string
  readonly parameters?: string
  readonly changes?: Facts
  readonly required?: readonly Key[]
}

/** One kind of step: the keys that it has, in the printed order. */
function step(
  name: string,
  doc: string,
  has: readonly Key[],
  { author, parameters, changes = {}, required = [has[0]!] }: StepFacts = {},
): WorkflowSchema {
  const own: Keys = Object.fromEntries(
    Object.entries<WorkflowSchema>(keys)
      .filter(([one]) => has.includes(one as Key))
      .map(([one, schema]) => [one, changes[one] ?? schema]),
  )
  return key(object(own, { required }), doc, {
    typeName: name,
    ...(author !== undefined && {
      author: {
        name: author,
        required: [],
        ...(parameters !== undefined && { parameters }),
        keys: { comment, outputs },
      },
    }),
  })
}

const control = ['name', 'id', 'continue-on-error'] as const
const common = ['name', 'id', 'if', 'env', 'continue-on-error'] as const
const ofScript = ['run', ...common, 'shell', 'working-directory'] as const
const ofAction = ['uses', ...common, 'with'] as const

export const runStep = step(
  'RunStep',
  'A step that runs a script.',
  [...ofScript, 'timeout-minutes', 'background'],
  { author: 'RunStepSpec' },
)

export const usesStep = step(
  'UsesStep',
  'A step that runs an action.',
  [...ofAction, 'timeout-minutes', 'background'],
  { author: 'UsesStepSpec', parameters: '<Input extends string = string>' },
)

const exclusive = (...options: readonly WorkflowSchema[]) => union(...options)

const foreground = key(
  exclusive(
    step('ForegroundRunStep', 'A script that runs beside other steps.', [
      ...ofScript,
      'timeout-minutes',
    ]),
    step('ForegroundUsesStep', 'An action that runs beside other steps.', [
      ...ofAction,
      'timeout-minutes',
    ]),
  ),
  'A step that runs beside others.',
  { typeName: 'ForegroundStep', exclusive: true },
)

const parallel = key(list(foreground), 'Steps that run at once.', {
  since: '2026',
})

export const stepSchema = key(
  exclusive(
    runStep,
    usesStep,
    step('WaitStep', 'Waits for background steps.', ['wait', ...control]),
    step('WaitAllStep', 'Waits for every background step before it.', ['wait-all', ...control]),
    step('CancelStep', 'Stops a background step.', ['cancel', ...control]),
    step('ParallelStep', 'Runs steps at once and waits for all.', ['parallel'], {
      changes: { parallel },
    }),
  ),
  'One step of a job: exactly one of the six kinds.',
  { typeName: 'Step', exclusive: true, contexts: stepContexts },
)

const inAction: readonly string[] = [...actionContexts, 'hashfiles']

export const compositeStep = key(
  exclusive(
    step('CompositeRunStep', 'A script of a composite action.', ofScript, {
      required: ['run', 'shell'],
      changes: {
        if: { ...keys.if, contexts: [...inAction, ...statusFunctions] },
        shell: { ...keys.shell, contexts: inAction },
      },
    }),
    step('CompositeUsesStep', 'An action within a composite action.', ofAction, {
      changes: { if: { ...keys.if, contexts: [...inAction, ...statusFunctions] } },
    }),
  ),
  'A step of a composite action.',
  { typeName: 'CompositeStep', exclusive: true, contexts: inAction },
)
