import type { Command } from './command.ts'
import { backup } from './groups/backup.ts'
import { cluster } from './groups/cluster.ts'
import { constitution } from './groups/constitution.ts'
import { files } from './groups/files.ts'
import { gates } from './groups/gates.ts'
import { secrets } from './groups/secrets.ts'
import { swarm } from './groups/swarm.ts'
import { traffic } from './groups/traffic.ts'
import { up } from './groups/up.ts'
import { volumes } from './groups/volumes.ts'

/** In the order of the help. Each loads its code when it runs: `--help` waits for nothing. */
export const groups: readonly { readonly title: string; readonly commands: readonly Command[] }[] =
  [
    { title: 'Files of the stack', commands: files },
    { title: 'Start and stop', commands: up },
    { title: 'Secrets and volumes', commands: [...secrets, ...volumes] },
    { title: 'Quality gates', commands: gates },
    { title: 'Docker-only execution', commands: constitution },
    { title: 'Erlang clusters', commands: cluster },
    { title: 'Two versions side by side', commands: traffic },
    { title: 'Swarm', commands: swarm },
    { title: 'Backups', commands: backup },
  ]

export const commands: readonly Command[] = groups.flatMap((group) => group.commands)
