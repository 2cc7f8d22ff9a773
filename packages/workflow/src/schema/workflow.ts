import { schema } from '@erlmcp/core'
import { authorSchema } from './author-schema.ts'
import { concurrency, defaults } from './defaults.ts'
import { on } from './event-schemas.ts'
import { key, map, object, union, type WorkflowSchema } from './facts.ts'
import { jobSchema } from './job.ts'
import { jobList } from './lists.ts'
import { permissions } from './permissions.ts'
import { text, variables } from './scalars.ts'

const { any, matching, nil, oneOf } = schema

const jobId = matching(
  /^(?!__)[A-Za-z_][\w-]{0,98}$/,
  'up to 99 letters, digits, dashes and underscores, beginning with a letter or one underscore',
  'Rename the job.',
)

const callContexts = ['github', 'inputs', 'vars']

// In the order in which they are printed.
const keys: Readonly<Record<string, WorkflowSchema>> = {
  name: key(text, 'Shown in the list of workflows.', {
    default: 'its path',
    contexts: [],
  }),
  description: key(text, 'What the workflow is for.', { contexts: [] }),
  'run-name': key(text, 'Title of a run.', { default: 'from the event', contexts: callContexts }),
  on,
  permissions: key(permissions, 'Permissions of the token of jobs that set none.', {
    default: 'the setting of the repository',
    author: {
      schema: permissions.author!.schema!,
      type: 'PermissionMap',
      default: '`{}`, none',
    },
  }),
  env: key(variables, 'Environment variables of all steps.', {
    contexts: [...callContexts, 'secrets'],
  }),
  defaults: key(union(defaults, nil), 'What all `run` steps begin with.', {
    contexts: [],
    author: {
      schema: map(any),
      type: 'DefaultsSpec',
      default: '`shell: bash`, which fails at the first error, also within a pipe',
    },
  }),
  concurrency: key(concurrency, 'Its group, where runs exclude each other.', {
    contexts: callContexts,
    author: {
      schema: union(authorSchema(concurrency), oneOf(false)),
      type: 'ConcurrencySpec | Value | false',
      default: 'a new commit of a pull request cancels the run of the previous one, nothing else',
    },
  }),
  jobs: key(map(jobSchema, jobId), 'Its jobs by id.', {
    author: {
      schema: jobList,
      type: 'readonly JobValue[]',
      doc: 'Its jobs. Jobs that they need are added.',
    },
  }),
}

/** Keys of a workflow, in the order in which they are printed. */
export const workflowKeys = Object.keys(keys)

/** A file of `.github/workflows`. */
export const workflowSchema = key(
  object(keys, { required: ['on', 'jobs'] }),
  'A file of `.github/workflows` as plain data.',
  {
    typeName: 'WorkflowFile',
    author: {
      name: 'WorkflowSpec',
      doc: 'What an author writes for a workflow.',
      parameters: '<Input extends string = string, Output extends string = string>',
    },
  },
)
