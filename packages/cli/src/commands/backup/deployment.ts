import { type BackupKey, type Deployment, readKey } from '@erlmcp/backup/run'
import { printable } from '@erlmcp/core'
import { defined, project, text } from '../../command-line/options.ts'
import type { Output } from '../../output.ts'

/** Options that name a deployment. */
export const deploymentOptions = {
  file: text('FILE', 'compose file', 'docker-compose.prod.yml'),
  project,
  out: text('DIR', 'folder of the compose file', '.'),
}

export const to = text('DIR', 'folder of the sets', 'backups')

export const key = text('FILE', 'key of an encrypted set. Default: the set is not encrypted')

export const tools = text('IMAGE', 'image with GNU tar. Default: an image of the deployment')

export const setOperand = { label: 'SET', min: 1, max: 1 } as const

interface DeploymentArguments {
  readonly file: string
  readonly project: string | undefined
  readonly out: string
}

export function deploymentOf({ file, project, out }: DeploymentArguments): Deployment {
  return { root: out, file, ...defined({ project }) }
}

export async function readKeyOf({
  key,
}: {
  readonly key: string | undefined
}): Promise<{ readonly key?: BackupKey }> {
  return key === undefined ? {} : { key: await readKey(key) }
}

/** Reports the steps of work that takes longer than a second. */
export function progressOn(output: Output): (message: string) => void {
  const began = Date.now()
  return (message) => {
    if (Date.now() - began > 1000) output.progress?.(printable(`erlmcp: ${message} …\n`))
  }
}
