import { type Fields, field } from './field.ts'

/**
 * How the arguments of an instruction are written: `WORKDIR` is one `word`, `ENV` is `pairs`.
 * The printer has one function for each.
 */
export type Syntax =
  | 'command'
  | 'copy'
  | 'declarations'
  | 'from'
  | 'healthcheck'
  | 'instruction'
  | 'json'
  | 'line'
  | 'pairs'
  | 'ports'
  | 'run'
  | 'word'

/** What is known of one instruction. */
export interface InstructionEntry {
  readonly doc: string
  readonly syntax: Syntax
  /** The fields of its arguments; the first is the one that `syntax` writes. */
  readonly arguments: Fields
  /** Arguments that may be missing. */
  readonly optional?: readonly string[]
  /** In the order in which they are printed. */
  readonly flags: Fields
  /** Whether ONBUILD accepts it. Default `true`. */
  readonly onbuild?: false
  /** Why it should not be used. */
  readonly deprecated?: string
}

const chown = field('text', '`user:group`, by name or number.', { default: '`0:0`' })
const chmod = field('mode', 'Permission bits.', { default: 'those of the source', since: '1.2' })
const link = field(
  'boolean',
  'Create a layer of its own, which stays cached when earlier layers change.',
  {
    default: '`false`',
    since: '1.4',
  },
)
const exclude = field('patterns', 'Patterns of files that are left out.', { since: '1.19' })
const sources = field('sources', 'Paths or patterns, URLs, and files given `inline`.')
const destination = field('text', 'Path in the image. A directory ends in a slash.')
const command = field('command', 'Text for the shell, or the words of the exec form.')

/**
 * The instructions of the Dockerfile language. Types, checks, the order of flags and the reference
 * come from here. FROM begins a stage.
 */
export const instructions = {
  ADD: {
    doc: 'Downloads, Git repositories and archives. For files of the build context use COPY.',
    syntax: 'copy',
    arguments: { sources, destination },
    flags: {
      chown,
      chmod,
      link,
      checksum: field(
        'text',
        'Digest of a download, `sha256:…`, or the commit of a Git repository.',
        {
          since: '1.6',
        },
      ),
      'keep-git-dir': field('boolean', 'Keep `.git` of a Git repository.', {
        default: '`false`',
        since: '1.1',
      }),
      unpack: field('boolean', 'Unpack archives.', {
        default: '`true` for local archives, `false` for downloads',
        since: '1.17',
      }),
      exclude,
    },
  },
  ARG: {
    doc: 'Variables that the build command may set.',
    syntax: 'declarations',
    arguments: { args: field('declarations', 'Names, with an optional default.') },
    flags: {},
  },
  CMD: {
    doc: 'What the container runs, or the arguments of its ENTRYPOINT.',
    syntax: 'command',
    arguments: { command },
    flags: {},
  },
  COPY: {
    doc: 'Files of the build context, a stage, an image or a named build context.',
    syntax: 'copy',
    arguments: { sources, destination },
    flags: {
      from: field('source', 'Name of a stage, an image or a named build context.', {
        default: 'the build context',
      }),
      chown,
      chmod,
      link,
      parents: field('boolean', 'Keep the folders of the sources.', {
        default: '`false`',
        since: '1.20',
      }),
      exclude,
    },
  },
  ENTRYPOINT: {
    doc: 'The program of the container.',
    syntax: 'command',
    arguments: { command },
    flags: {},
  },
  ENV: {
    doc: 'Environment variables of the build and of the container.',
    syntax: 'pairs',
    arguments: { pairs: field('pairs', 'Names and values.') },
    flags: {},
  },
  EXPOSE: {
    doc: 'Ports that the container listens on. None is published.',
    syntax: 'ports',
    arguments: { ports: field('texts', 'Ports or ranges, with an optional protocol.') },
    flags: {},
  },
  FROM: {
    doc: 'Begins a stage.',
    syntax: 'from',
    arguments: {
      from: field('text', 'An image, `scratch`, an earlier stage or a named build context.'),
      name: field('line', 'Name of the stage.'),
    },
    optional: ['name'],
    flags: {
      platform: field('platform', 'Platform of the base image.', {
        default: 'the platform that is built for',
      }),
    },
    onbuild: false,
  },
  HEALTHCHECK: {
    doc: 'How the engine checks the health of the container. Without a command: `HEALTHCHECK NONE`.',
    syntax: 'healthcheck',
    arguments: { command },
    optional: ['command'],
    flags: {
      interval: field('duration', 'Time between two checks.', { default: '`30s`' }),
      timeout: field('duration', 'Time after which a check counts as failed.', {
        default: '`30s`',
      }),
      'start-period': field('duration', 'Time in which a failure does not count.', {
        default: '`0s`',
      }),
      'start-interval': field('duration', 'Time between two checks in the start period.', {
        default: '`5s`',
      }),
      retries: field('count', 'Consecutive failures that make the container unhealthy.', {
        default: '`3`',
      }),
    },
  },
  LABEL: {
    doc: 'Metadata of the image.',
    syntax: 'pairs',
    arguments: { pairs: field('pairs', 'Names and values.') },
    flags: {},
  },
  MAINTAINER: {
    doc: 'The author of the image.',
    deprecated: 'use the label `org.opencontainers.image.authors`',
    syntax: 'line',
    arguments: { name: field('line', 'Name of the author.') },
    flags: {},
    onbuild: false,
  },
  ONBUILD: {
    doc: 'An instruction that runs in a build which starts from this image.',
    syntax: 'instruction',
    arguments: { trigger: field('instruction', 'The instruction.') },
    flags: {},
    onbuild: false,
  },
  RUN: {
    doc: 'A command of the build. Text of several lines is written as a heredoc; one that begins with `#!` is run by that interpreter.',
    syntax: 'run',
    arguments: { command },
    flags: {
      mounts: field('mounts', 'What is mounted during the command.', {
        flag: 'mount',
        since: '1.2',
      }),
      network: field('enum', 'Network of the command. `none` has only the loopback interface.', {
        values: ['default', 'none', 'host'],
        default: '`default`',
        since: '1.3',
      }),
      security: field('enum', '`insecure` needs an entitlement of the builder.', {
        values: ['sandbox', 'insecure'],
        default: '`sandbox`',
        since: '1.20',
      }),
      devices: field('devices', 'CDI devices, which need an entitlement of the builder.', {
        flag: 'device',
        since: '1.14-labs',
      }),
    },
  },
  SHELL: {
    doc: 'The shell of the shell form of later instructions.',
    syntax: 'json',
    arguments: {
      command: field('words', 'The shell and its options.', { default: '`/bin/sh -c`' }),
    },
    flags: {},
  },
  STOPSIGNAL: {
    doc: 'The signal that stops the container.',
    syntax: 'word',
    arguments: { signal: field('word', 'Name or number.', { default: '`SIGTERM`' }) },
    flags: {},
  },
  USER: {
    doc: 'The user of later instructions and of the container.',
    syntax: 'word',
    arguments: { user: field('word', '`user`, `uid` or `uid:gid`.', { default: '`root`' }) },
    flags: {},
  },
  VOLUME: {
    doc: 'Paths that get an anonymous volume where the container mounts nothing.',
    syntax: 'json',
    arguments: { paths: field('texts', 'Absolute paths.') },
    flags: {},
  },
  WORKDIR: {
    doc: 'The working directory of later instructions, created where it is missing.',
    syntax: 'word',
    arguments: { path: field('word', 'An absolute path.', { default: '`/`' }) },
    flags: {},
  },
} as const satisfies Readonly<Record<string, InstructionEntry>>

export type Keyword = keyof typeof instructions
