import { boolean, define, list, oneOf, since, string, withFacts } from './define.ts'
import * as format from './formats.ts'
import { command, flag, hookEnvironment, stringOrStrings } from './scalar.ts'

/** A command that Compose runs at a point in the life of a container. */
export const hook = define(
  'Hook',
  {
    /** Command to execute as part of the hook. */
    command: command,
    /** User that runs it. Default: that of the container. */
    user: string,
    /** Whether to run the command with extended privileges. */
    privileged: flag,
    /** Working directory for the command. */
    working_dir: string,
    /** Environment variables for the command. */
    environment: hookEnvironment,
  },
  ['command'],
)

/** An init container: its own container, run to completion before the service starts. */
export const preStart = define('PreStartHook', {
  /** Default: the service's image. */
  image: string,
  /** Whether each replica runs it. Default: `false`, once for the service. */
  per_replica: flag,
  /** Default: what the image's entrypoint runs. */
  command: command,
  /** Default: the image's user, or the service's where `image` is left out. */
  user: string,
  /** Whether to run the command with extended privileges. */
  privileged: flag,
  /** Working directory for the command. */
  working_dir: string,
  /** Added to the service's own. */
  environment: hookEnvironment,
})

/** What happens when sources change while `docker compose watch` runs (Compose Develop Spec). */
export const develop = define('Develop', {
  /** Configure watch mode for the service, which monitors file changes and performs actions in response. */
  watch: list(
    define(
      'WatchRule',
      {
        /** File or folder to watch. */
        path: withFacts(string, { format: format.filled }),
        /** Action to take when a change is detected: rebuild the container, sync files, restart the container, sync and restart, or sync and execute a command. */
        action: oneOf('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
        /** Where in the container the file goes, for the `sync` actions. */
        target: string,
        /** Patterns, relative to `path`, that are left out. */
        ignore: stringOrStrings,
        /** Patterns, relative to `path`, of what is meant. */
        include: since('2.34.0', stringOrStrings),
        /** What runs in the container after `sync+exec`. */
        exec: since('2.32.0', hook),
        /** Whether everything is copied once at the start. */
        initial_sync: since('2.39.4', boolean),
      },
      ['path', 'action'],
    ),
  ),
})
