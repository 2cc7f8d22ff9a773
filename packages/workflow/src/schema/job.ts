import { schema } from '@erlmcp/core'
import { jobContexts, runnerContexts } from './contexts.ts'
import { concurrency, defaults } from './defaults.ts'
import { key, list, map, node, object, union, type WorkflowSchema } from './facts.ts'
import { jobList, stepList } from './lists.ts'
import { permissions } from './permissions.ts'
import { pinnedRunners } from './runners.ts'
import {
  booleanLike,
  condition,
  expressionText,
  expressionValue,
  numberLike,
  oneOrMore,
  orExpression,
  strings,
  text,
  texts,
  value,
  variables,
} from './scalars.ts'
import { stepSchema } from './step.ts'

const { any, kind, nil, number, oneOf, string } = schema

type Keys = Readonly<Record<string, WorkflowSchema>>

const or = (...options: readonly WorkflowSchema[]) => union(...options)

const group = node('RunnerGroup', 'A runner of a group.', {
  group: key(string, 'Name of the group.'),
  labels: key(oneOrMore(string), 'Labels that the runner must all have.'),
})

const label = or(string, expressionValue)

const runsOn = key(
  or(string, list(string), group),
  'Labels that the runner must all have, or its group.',
  {
    typeName: 'RunsOn',
    author: {
      schema: {
        ...or(oneOf(...pinnedRunners), list(label), map(any), expressionValue),
        expected: 'a label of a GitHub-hosted runner, a list of labels, a group or an expression',
        hint: "Write 'ubuntu-24.04', or a list of the labels of your own runner: ['self-hosted'].",
      },
      type: 'RunnerSelector',
    },
  },
)

const entry = key(map(any), 'Values of a combination to add or to leave out.', {
  typeName: 'MatrixEntry',
})

const matrix: WorkflowSchema = key(
  {
    ...object(
      {
        include: key(orExpression(list(or(entry, expressionText))), 'Combinations to add.'),
        exclude: key(orExpression(list(or(entry, expressionText))), 'Combinations to leave out.'),
      },
      { additional: 'all' },
    ),
  },
  'A job for every combination of the values of its keys.',
  {
    typeName: 'Matrix',
    additionalType: 'readonly unknown[] | ExpressionText | undefined',
  },
)

const strategy = node('Strategy', 'How often the job runs in one run of the workflow.', {
  matrix: key(orExpression(matrix), 'Values that the jobs differ in.', {
    author: { schema: kind('matrix', 'expression'), type: 'MatrixValue | Expression' },
  }),
  'fail-fast': key(booleanLike, 'Whether a failed job cancels the others.', { default: '`true`' }),
  'max-parallel': key(numberLike, 'How many jobs run at once.', {
    default: 'as many as there are runners',
  }),
})

const environment = node(
  'Environment',
  'A deployment environment with its protection rules.',
  {
    name: key(text, 'Name of the environment.'),
    url: key(text, 'Shown with the deployment.', { contexts: runnerContexts }),
    deployment: key(booleanLike, 'Whether a deployment is recorded.', {
      default: '`true`',
    }),
  },
  { required: ['name'] },
)

const credentials = node('Credentials', 'How the runner logs in to the registry.', {
  username: key(text, 'User name.'),
  password: key(text, 'Password or token, from a secret.'),
})

const containerKeys: Keys = {
  image: key(text, 'The image.'),
  credentials: key(or(credentials, expressionText, nil), 'Login of the registry.', {
    contexts: [...jobContexts, 'env', 'secrets'],
  }),
  env: key(variables, 'Environment variables of the container.', {
    contexts: [...runnerContexts, 'secrets'],
  }),
  ports: key(list(or(string, number)), 'Ports to publish on the runner.'),
  volumes: key(strings, 'Volumes to mount.'),
  options: key(text, 'Options of `docker create`.'),
}

const container = node('Container', 'The container that the steps run in.', containerKeys)

const service = node('ServiceContainer', 'A container beside the steps of a job.', {
  ...containerKeys,
  entrypoint: key(string, 'Overrides the entrypoint of the image.'),
  command: key(string, 'Overrides the command of the image.'),
})

const snapshot = node(
  'Snapshot',
  'A custom runner image, created when the job has succeeded.',
  {
    'image-name': key(string, 'Name of the image.', { contexts: [] }),
    version: key(text, 'Version of the image.', { contexts: [] }),
    if: key(condition, 'Whether it is created.', { contexts: jobContexts }),
  },
  { required: ['image-name'] },
)

const secrets = key(or(texts, oneOf('inherit'), nil), 'Secrets by name; `inherit` passes all.', {
  contexts: [...jobContexts, 'secrets'],
  author: {
    schema: or(map(value), oneOf('inherit')),
    type: "{ readonly [name: string]: Value } | 'inherit'",
  },
})

const jobs = key(jobList, 'Jobs that come before it. Jobs whose outputs it uses are added.')

// In the order in which they are printed: what it is, when and where it runs, with which
// permissions and limits, and what it does.
const keys = {
  name: key(text, 'Shown in the list of jobs.', { default: 'its id' }),
  needs: key(oneOrMore(string), 'Ids of jobs that come before it.', {
    contexts: [],
    author: { schema: jobs, type: 'readonly JobValue[]', doc: jobs.doc! },
  }),
  if: key(condition, 'Whether it runs; a job whose need failed or was skipped is skipped.', {
    default: '`success()`',
    contexts: ['github', 'needs', 'vars', 'inputs', 'always', 'cancelled', 'success', 'failure'],
  }),
  uses: key(
    string,
    'The workflow: `./.github/workflows/x.yml`, `$/.github/workflows/x.yml`, `owner/repo/.github/workflows/x.yml@ref`.',
    { contexts: [], author: { omit: true } },
  ),
  with: key(or(texts, expressionText, nil), 'Inputs of the called workflow.', {
    author: {
      schema: map(value),
      type: '{ readonly [Name in Input]?: Value }',
    },
  }),
  secrets,
  'runs-on': key(runsOn, 'The runner.'),
  environment: key(or(environment, text), 'The deployment environment.'),
  permissions: key(permissions, 'Permissions of its token.', {
    default: 'those of the workflow',
    author: {
      schema: permissions.author!.schema!,
      type: 'PermissionMap',
      default: 'what its steps are known to read',
    },
  }),
  concurrency,
  strategy: key(orExpression(strategy), 'How often it runs in one run of the workflow.', {
    contexts: ['github', 'needs', 'vars', 'inputs'],
  }),
  'timeout-minutes': key(numberLike, 'Minutes until it is cancelled.', {
    default: '360',
    author: { default: '30' },
  }),
  'cancel-timeout-minutes': key(numberLike, 'Minutes that a cancelled job has to end.', {
    default: '5',
  }),
  'continue-on-error': key(booleanLike, 'Whether the run succeeds when the job fails.', {
    default: '`false`',
  }),
  container: key(or(container, text), 'The container that its steps run in.'),
  services: key(
    or(map(or(service, string)), expressionText, nil),
    'Containers beside its steps, by name.',
  ),
  outputs: key(texts, 'What jobs after it read as `needs.<id>.outputs`.', {
    contexts: [...runnerContexts, 'secrets'],
    author: { schema: map(value), type: '{ readonly [Name in Output]: Value }' },
  }),
  env: key(variables, 'Environment variables of its steps.', {
    contexts: [...jobContexts, 'secrets'],
  }),
  defaults: key(or(defaults, nil), 'What its `run` steps begin with.', {
    contexts: [...jobContexts, 'env'],
    author: { schema: map(any), type: 'DefaultsSpec', default: 'those of the workflow' },
  }),
  snapshot: key(or(string, snapshot), 'A custom runner image to create from the runner.', {
    contexts: [],
  }),
  steps: key(list(stepSchema), 'Its steps.', {
    author: { schema: stepList, type: 'readonly StepValue[]' },
  }),
} satisfies Keys

type Key = keyof typeof keys

/** Keys of every job, in the order in which they are printed. */
export const jobKeys = Object.keys(keys)

const comment = key(string, 'Printed above the job; not a key of GitHub.', {
  contexts: [],
})

const common: readonly Key[] = ['name', 'needs', 'if', 'permissions', 'concurrency', 'strategy']
const ofCall: readonly Key[] = ['uses', 'with', 'secrets']

const pick = (has: (one: Key) => boolean): Keys =>
  Object.fromEntries(Object.entries(keys).filter(([one]) => has(one as Key)))

export const stepsJob = node(
  'StepsJob',
  'A job of steps.',
  pick((one) => !ofCall.includes(one)),
  {
    required: ['runs-on'],
    author: {
      name: 'JobSpec',
      doc: 'What an author writes for a job.',
      parameters: '<Output extends string = string>',
      required: ['runs-on', 'steps'],
      keys: { comment },
    },
  },
)

export const callJob = node(
  'CallJob',
  'A job that is another workflow.',
  pick((one) => common.includes(one) || ofCall.includes(one)),
  {
    required: ['uses'],
    author: {
      name: 'CallSpec',
      doc: 'What an author writes for a job that is another workflow.',
      parameters: '<Input extends string = string>',
      required: [],
      keys: { comment },
    },
  },
)

export const jobSchema = key(or(stepsJob, callJob), 'One job.', {
  typeName: 'Job',
  exclusive: true,
  contexts: jobContexts,
})
