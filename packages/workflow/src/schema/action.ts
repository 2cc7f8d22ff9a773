import { schema } from '@erlmcp/core'
import { actionContexts, statusFunctions } from './contexts.ts'
import { key, list, map, object, union, type WorkflowSchema } from './facts.ts'
import { inputsValue, stepList } from './lists.ts'
import { text, texts } from './scalars.ts'
import { compositeStep } from './step.ts'

const { any, boolean, nil, oneOf, string } = schema

type Keys = Readonly<Record<string, WorkflowSchema>>

const node = (name: string, doc: string, keys: Keys, required: readonly string[] = []) =>
  key(object(keys, { required }), doc, { typeName: name })

const input = node('ActionInput', 'An input of an action.', {
  description: key(text, 'What it is for.'),
  required: key(boolean, 'Whether it must be given.', { default: '`false`' }),
  default: key(text, 'Value where none is given.', {
    contexts: ['github', 'strategy', 'matrix', 'job', 'runner', 'hashfiles'],
  }),
  deprecationMessage: key(string, 'Warning for callers that pass it.'),
})

const output = node('ActionOutput', 'An output of an action.', {
  description: key(text, 'What it is.'),
  value: key(text, 'Its value, in a composite action.', { contexts: actionContexts }),
})

const hookContexts = [
  ...['runner', 'github', 'job', 'strategy', 'matrix', 'env', 'inputs'],
  ...statusFunctions,
  'hashfiles',
]

const hook = (doc: string) => key(string, doc)
const hookCondition = (doc: string) => key(string, doc, { contexts: hookContexts })

const composite = node(
  'CompositeRuns',
  'An action of steps.',
  {
    using: key(oneOf('composite'), 'Its kind.'),
    steps: key(list(compositeStep), 'Its steps.'),
  },
  ['using', 'steps'],
)

const nodeProgram = node(
  'NodeRuns',
  'An action that is a program of Node.',
  {
    using: key(oneOf('node12', 'node16', 'node20', 'node24'), 'Its version of Node.'),
    main: hook('The program.'),
    pre: hook('A program that runs at the start of the job.'),
    'pre-if': hookCondition('Whether `pre` runs.'),
    post: hook('A program that runs at the end of the job.'),
    'post-if': hookCondition('Whether `post` runs.'),
  },
  ['using', 'main'],
)

const docker = node(
  'DockerRuns',
  'An action that is an image.',
  {
    using: key(oneOf('docker'), 'Its kind.'),
    image: key(string, '`Dockerfile`, or `docker://image`.'),
    entrypoint: hook('Overrides the entrypoint of the image.'),
    args: key(list(text), 'Arguments of the entrypoint.', { contexts: ['inputs'] }),
    env: key(texts, 'Environment variables of the container.', { contexts: ['inputs'] }),
    'pre-entrypoint': hook('A program that runs at the start of the job.'),
    'pre-if': hookCondition('Whether `pre-entrypoint` runs.'),
    'post-entrypoint': hook('A program that runs at the end of the job.'),
    'post-if': hookCondition('Whether `post-entrypoint` runs.'),
  },
  ['using', 'image'],
)

const colors = ['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark']

const branding = node('Branding', 'The badge of the action in the marketplace.', {
  icon: key(string, 'Name of a Feather icon.'),
  color: key(oneOf(...colors), 'Background color.'),
})

const orNull = (of: WorkflowSchema) => union(of, nil)

// In the order in which they are printed.
const keys: Keys = {
  name: key(text, 'Shown in the marketplace and the log.', { author: { type: 'string' } }),
  author: key(text, 'Who maintains it.', { author: { omit: true } }),
  description: key(text, 'What it does.', { author: { type: 'string' } }),
  branding: key(branding, 'Its badge in the marketplace.', { author: { omit: true } }),
  inputs: key(orNull(map(orNull(input))), 'Inputs by name.', {
    author: { schema: inputsValue, type: 'InputsValue' },
  }),
  outputs: key(orNull(map(output)), 'Outputs by name.', {
    author: {
      schema: map(any),
      type: '{ readonly [Name in Output]: OutputSpec }',
      doc: 'Outputs of its steps.',
    },
  }),
  runs: key(
    key(union(composite, nodeProgram, docker), 'Steps, a program of Node, or an image.', {
      typeName: 'ActionRuns',
    }),
    'What it runs.',
    { author: { omit: true } },
  ),
}

/** Keys of an action, in the order in which they are printed. */
export const actionKeys = Object.keys(keys)

/** A file named `action.yml`. */
export const actionSchema = key(
  object(keys, { required: ['name', 'runs'] }),
  'An `action.yml` as plain data.',
  {
    typeName: 'ActionFile',
    contexts: [],
    author: {
      name: 'ActionSpec',
      required: ['name', 'description', 'steps'],
      doc: 'What an author writes for a composite action.',
      parameters: '<Output extends string = string>',
      keys: {
        steps: key(stepList, 'Its steps.', { author: { type: 'readonly StepValue[]' } }),
      },
    },
  },
)
