import type { Entry } from './command-line/command.ts'

interface Group {
  readonly title: string
  readonly commands: readonly Entry[]
}

const entry = (name: string, summary: string, load: Entry['load']): Entry => ({
  name,
  summary,
  load,
})

/** In the order of the help. */
export const groups: readonly Group[] = [
  {
    title: 'Files of the stack',
    commands: [
      entry('synth', 'write the files of the stack', () => import('./commands/synth.ts')),
      entry(
        'check',
        'exit 1 if a file differs from the stack, or the stack has errors',
        () => import('./commands/check.ts'),
      ),
      entry('diff', 'show what synth would change', () => import('./commands/diff.ts')),
      entry(
        'pins update',
        'update the lock of the actions to their latest versions',
        () => import('./commands/pins/update.ts'),
      ),
      entry(
        'pins import',
        'copy the versions that Dependabot wrote into the lock',
        () => import('./commands/pins/import.ts'),
      ),
    ],
  },
  {
    title: 'Start and stop',
    commands: [
      entry(
        'up',
        'build and start a compose file, and report why a service fails to start',
        () => import('./commands/up.ts'),
      ),
      entry(
        'down',
        'stop and remove the containers of a compose file, of every profile',
        () => import('./commands/down.ts'),
      ),
    ],
  },
  {
    title: 'Secrets and volumes',
    commands: [
      entry(
        'secrets init',
        'create the missing secret files',
        () => import('./commands/secrets/init.ts'),
      ),
      entry(
        'secrets check',
        'exit 1 if a secret is missing, exposed, weak, rejected by its server, or expires soon',
        () => import('./commands/secrets/check.ts'),
      ),
      entry(
        'secrets rotate',
        'replace secrets in their files and in running PostgreSQL and Redis servers',
        () => import('./commands/secrets/rotate.ts'),
      ),
      entry(
        'volumes move',
        'move the data of a volume to a new volume',
        () => import('./commands/volumes/move.ts'),
      ),
    ],
  },
  {
    title: 'Quality gates',
    commands: [
      entry(
        'gate run',
        'run quality gates in containers, and judge their reports',
        () => import('./commands/gate/run.ts'),
      ),
      entry(
        'gate list',
        'list the gates with their commands',
        () => import('./commands/gate/list.ts'),
      ),
      entry(
        'bench record',
        'record the counts of the last bench gate as its baseline',
        () => import('./commands/bench/record.ts'),
      ),
    ],
  },
  {
    title: 'Docker-only execution',
    commands: [
      entry(
        'rewrite',
        'print the Docker form of a command, or exit 1 if the command is forbidden',
        () => import('./commands/rewrite.ts'),
      ),
      entry('run', 'run the Docker form of a command', () => import('./commands/run.ts')),
      entry(
        'guard install',
        'install shims for PATH, and git hooks that scan for host execution',
        () => import('./commands/guard/install.ts'),
      ),
      entry(
        'guard uninstall',
        'remove the shims and hooks',
        () => import('./commands/guard/uninstall.ts'),
      ),
      entry(
        'guard scan',
        'find host execution in workflows, Makefiles and scripts',
        () => import('./commands/guard/scan.ts'),
      ),
      entry(
        'receipt verify',
        'exit 1 if a receipt is altered, missing or reordered',
        () => import('./commands/receipt/verify.ts'),
      ),
      entry(
        'receipt list',
        'list the receipts, oldest first',
        () => import('./commands/receipt/list.ts'),
      ),
      entry('receipt show', 'print one receipt', () => import('./commands/receipt/show.ts')),
    ],
  },
  {
    title: 'Erlang clusters',
    commands: [
      entry(
        'cluster certs',
        'list authorities and certificates: names, serial, validity',
        () => import('./commands/cluster/certs.ts'),
      ),
      entry(
        'cluster up',
        'build, start and verify a cluster',
        () => import('./commands/cluster/up.ts'),
      ),
      entry(
        'cluster verify',
        'exit 1 if running nodes are not connected, or accept unauthenticated peers',
        () => import('./commands/cluster/verify.ts'),
      ),
      entry(
        'cluster down',
        'stop and remove a cluster, and keep its data',
        () => import('./commands/cluster/down.ts'),
      ),
    ],
  },
  {
    title: 'Two versions side by side',
    commands: [
      entry(
        'traffic show',
        'show the share of requests of each version, and whether it is ready',
        () => import('./commands/traffic/show.ts'),
      ),
      entry(
        'traffic switch',
        'send all requests to a colour, once it is ready',
        () => import('./commands/traffic/switch.ts'),
      ),
      entry(
        'traffic weight',
        'send a percentage of the requests to the canary',
        () => import('./commands/traffic/weight.ts'),
      ),
    ],
  },
  {
    title: 'Swarm',
    commands: [
      entry(
        'swarm deploy',
        'deploy the stack file, and exit 1 if a service fails or rolls back',
        () => import('./commands/swarm/deploy.ts'),
      ),
      entry(
        'swarm status',
        'list the running services, and exit 1 if one is not in its desired state',
        () => import('./commands/swarm/status.ts'),
      ),
      entry(
        'swarm rollback',
        'roll services back to the version before their last update',
        () => import('./commands/swarm/rollback.ts'),
      ),
    ],
  },
  {
    title: 'Backups',
    commands: [
      entry(
        'backup create',
        'save the databases and volumes of a running deployment, all or nothing',
        () => import('./commands/backup/create.ts'),
      ),
      entry('backup list', 'list the sets in a folder', () => import('./commands/backup/list.ts')),
      entry(
        'backup verify',
        'read a set completely, and exit 1 if it is truncated or modified',
        () => import('./commands/backup/verify.ts'),
      ),
      entry(
        'backup rehearse',
        'restore a set into temporary containers, and compare every row, key and file',
        () => import('./commands/backup/rehearse.ts'),
      ),
      entry(
        'backup restore',
        'restore a set into a running deployment',
        () => import('./commands/backup/restore.ts'),
      ),
      entry(
        'backup recover',
        'complete or roll back a restore that was killed',
        () => import('./commands/backup/recover.ts'),
      ),
    ],
  },
  {
    title: 'Shell',
    commands: [
      entry('completion', 'print the completion script for bash, zsh or fish', async () => {
        const { completionOf } = await import('./commands/completion.ts')
        return { default: completionOf(entries) }
      }),
    ],
  },
]

export const entries: readonly Entry[] = groups.flatMap(({ commands }) => commands)
