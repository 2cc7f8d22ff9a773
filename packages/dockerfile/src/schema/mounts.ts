import { type Fields, field } from './field.ts'

/** One type of `RUN --mount`. */
export interface MountEntry {
  readonly doc: string
  /** The option that our function takes as its first parameter. */
  readonly first?: string
  /** Whether the option `first` must be set. */
  readonly required?: boolean
  /** In the order in which they are printed. */
  readonly options: Fields
}

const target = field('text', 'Path of the mount.')
const from = field('source', 'Stage, image or build context that holds the source.')
const source = field('text', 'Path of the source within `from`.', { default: 'its root' })

const ownership = (subject: string, mode: string) => ({
  mode: field('octal', `Permission bits of the ${subject}, in base 8.`, { default: `\`${mode}\`` }),
  uid: field('id', `User id of the ${subject}.`, { default: '`0`' }),
  gid: field('id', `Group id of the ${subject}.`, { default: '`0`' }),
})

/** The types of `RUN --mount`, each with its options. Types, checks and the order come from here. */
export const mounts = {
  bind: {
    doc: 'Files of the build context, a stage or an image, read-only unless `rw` is set.',
    first: 'target',
    required: true,
    options: {
      from: { ...from, default: 'the build context' },
      source,
      target,
      rw: field('boolean', 'Allow writes, which are discarded after the instruction.', {
        default: '`false`',
      }),
    },
  },
  cache: {
    doc: 'A folder that outlives the build, for the caches of compilers and package managers.',
    first: 'target',
    required: true,
    options: {
      id: field('text', 'Name of the cache.', { default: 'the target' }),
      from: {
        ...from,
        doc: 'Stage, image or build context that fills it at first.',
        default: 'an empty folder',
      },
      source,
      target,
      sharing: field('enum', 'What builds at the same time do: share it, get one each, or wait.', {
        values: ['shared', 'private', 'locked'],
        default: '`shared`',
      }),
      ro: field('boolean', 'Mount it read-only.', { default: '`false`' }),
      ...ownership('new folder', '0755'),
    },
  },
  tmpfs: {
    doc: 'A folder in memory.',
    first: 'target',
    required: true,
    options: {
      target,
      size: field('size', 'Upper limit, in bytes or with a unit.', { default: 'unlimited' }),
    },
  },
  secret: {
    doc: 'A secret of the build, as a file, an environment variable, or both.',
    first: 'id',
    options: {
      id: field('text', 'Id of the secret.', { default: 'the base name of the target' }),
      target: field('text', 'Path of the file.', {
        default: '`/run/secrets/` and the id, unless `env` is set',
      }),
      env: field('text', 'Environment variable that holds the secret during this instruction.', {
        since: '1.10',
      }),
      required: field('boolean', 'Fail the build without the secret.', { default: '`false`' }),
      ...ownership('file', '0400'),
    },
  },
  ssh: {
    doc: 'The SSH agent of the machine that starts the build.',
    options: {
      id: field('text', 'Id of the agent.', { default: '`default`' }),
      target: field('text', 'Path of its socket.', { default: '`/run/buildkit/ssh_agent.N`' }),
      required: field('boolean', 'Fail the build without the agent.', { default: '`false`' }),
      ...ownership('socket', '0600'),
    },
  },
} as const satisfies Readonly<Record<string, MountEntry>>

export type MountType = keyof typeof mounts
