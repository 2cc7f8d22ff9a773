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

/** In the order of the help. Each loads its code when it runs: `--help` waits for nothing. */
export const commands: readonly Command[] = [
  ...files,
  ...up,
  ...secrets,
  ...cluster,
  ...traffic,
  ...swarm,
  ...backup,
  ...gates,
  ...constitution,
]
