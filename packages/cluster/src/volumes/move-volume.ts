import { UserError } from '@erlmcp/core'
import { docker, lastLines, runDocker } from '@erlmcp/docker'

export interface MoveVolumeOptions {
  /** An image with `sh`, `cp`, `find` and `sha256sum`. Default: that of the volume's containers. */
  readonly tools?: string
}

/** What became of the two volumes. */
export interface MovedVolume {
  readonly from: string
  readonly to: string
  /** Files whose content was compared after the copy. */
  readonly files: number
  /** Whether the old volume is gone; it stays while a container that is stopped holds it. */
  readonly isRemoved: boolean
  /** Those containers. */
  readonly heldBy: readonly string[]
}

interface VolumeFacts {
  readonly Driver: string
  readonly Labels: Readonly<Record<string, string>> | null
  readonly Options: Readonly<Record<string, string>> | null
}

const hours = 6 * 3600
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/
// A copy that was killed is recognized by it, and begun again.
const marker = '.erlmcp-moving'

/**
 * Gives a volume another name: copies all of it into the new one, compares every file, and removes
 * the old one. Where anything fails, the old volume is as it was.
 *
 * @throws UserError when there is no such volume, a running container uses one of the two, or the
 *   new one has data of its own
 * @example
 * await moveVolume('shop_postgres-data', 'shop_pg-data')
 */
export async function moveVolume(
  from: string,
  to: string,
  options: MoveVolumeOptions = {},
): Promise<MovedVolume> {
  validateNames(from, to)
  const old = await inspect(from)
  if (!old) {
    throw new UserError({
      message: `there is no volume ${from} on this engine`,
      hint: 'List the volumes with `docker volume ls`.',
    })
  }
  if (old.Driver !== 'local' || old.Options?.device !== undefined) {
    throw new UserError({
      message: `the data of ${from} is not the engine's own: driver ${old.Driver}`,
      hint: 'Give the volume of the stack the name or the options of this one instead.',
    })
  }
  await refuseRunning(from, to)
  const image = await toolsOf(from, to, options.tools)
  const isNew = (await inspect(to)) === undefined
  if (isNew) await create(to, from, old)
  try {
    const files = await copy(from, to, image)
    const heldBy = await containersOf(from, '--all')
    const removed =
      heldBy.length === 0 &&
      (await runDocker(['volume', 'rm', from], { timeout: 60 })).exitCode === 0
    return { from, to, files, isRemoved: removed, heldBy }
  } catch (error) {
    if (isNew) await runDocker(['volume', 'rm', to], { timeout: 60 })
    throw error
  }
}

function validateNames(from: string, to: string): void {
  for (const name of [from, to]) {
    if (namePattern.test(name)) continue
    throw new UserError({
      message: `invalid name of a volume: ${JSON.stringify(name)}`,
      hint: 'Give the names of `docker volume ls`: erlmcp volumes move shop_old shop_new',
    })
  }
  if (from !== to) return
  throw new UserError({ message: `${from} is both volumes`, hint: 'Give the new name second.' })
}

async function inspect(name: string): Promise<VolumeFacts | undefined> {
  const { exitCode, stdout, stderr } = await runDocker(['volume', 'inspect', name], { timeout: 60 })
  if (exitCode === 0) return JSON.parse(stdout)[0]
  if (/no such volume/i.test(stderr)) return undefined
  throw new UserError({
    message: `the engine does not say what ${name} is`,
    hint: lastLines(stderr),
    kind: 'environment',
  })
}

async function containersOf(volume: string, ...more: string[]): Promise<string[]> {
  const filter = ['--filter', `volume=${volume}`, '--format', '{{.Names}}']
  const names = await docker(['ps', ...more, ...filter], { timeout: 60 })
  return names.split('\n').filter((name) => name !== '')
}

async function refuseRunning(...volumes: string[]): Promise<void> {
  for (const volume of volumes) {
    const [name] = await containersOf(volume)
    if (name === undefined) continue
    throw new UserError({
      message: `the container ${name} runs and uses ${volume}`,
      hint: `Stop it first: docker stop ${name}`,
    })
  }
}

async function toolsOf(from: string, to: string, wanted: string | undefined): Promise<string> {
  const format = ['--format', '{{.Image}}', '--filter']
  const listed =
    wanted === undefined
      ? await Promise.all(
          [from, to].map((name) =>
            docker(['ps', '-a', ...format, `volume=${name}`], { timeout: 60 }),
          ),
        )
      : [wanted]
  for (const image of new Set(listed.join('\n').split('\n').filter(Boolean))) {
    const run = ['run', '--rm', '--network', 'none', '--pull', 'never', '--entrypoint', 'sh', image]
    const test = 'command -v cp && command -v find && command -v sha256sum'
    if ((await runDocker([...run, '-c', test], { timeout: 60 })).exitCode === 0) return image
  }
  throw new UserError({
    message:
      wanted === undefined
        ? `no container of ${from} or ${to} has an image with a shell and cp`
        : `${wanted} has no shell with cp, find and sha256sum, or is not on this engine`,
    hint: 'Name an image that is on this engine: --tools debian:trixie-slim',
    kind: 'environment',
  })
}

/** With the labels of Compose, which else takes the volume for another's. */
async function create(to: string, from: string, old: VolumeFacts): Promise<void> {
  const project = old.Labels?.['com.docker.compose.project']
  const key = old.Labels?.['com.docker.compose.volume']
  const labels: string[] = []
  if (project !== undefined && key !== undefined) {
    const isRenamedProject = to.endsWith(`_${key}`)
    const newProject = isRenamedProject ? to.slice(0, -key.length - 1) : project
    const newKey = to.startsWith(`${newProject}_`) ? to.slice(newProject.length + 1) : key
    labels.push('--label', `com.docker.compose.project=${newProject}`)
    labels.push('--label', `com.docker.compose.volume=${newKey}`)
    const version = old.Labels?.['com.docker.compose.version']
    if (version !== undefined) labels.push('--label', `com.docker.compose.version=${version}`)
  } else labels.push('--label', `erlmcp.moved-from=${from}`)
  await docker(['volume', 'create', ...labels, to], { timeout: 60 })
}

// Both lists are made in one container, so that one `cmp` compares names and contents.
const script = `set -e
if [ -n "$(find /new -mindepth 1 -print -quit 2>/dev/null)" ] && [ ! -e /new/${marker} ]; then
  echo "not empty" >&2; exit 9
fi
find /new -mindepth 1 ! -name ${marker} -delete
: > /new/${marker}
cp -a /old/. /new/
rm -f /new/${marker}
list() { (cd "$1" && find . ! -type f | sort && find . -type f -exec sha256sum {} + | sort -k 2); }
list /old > /tmp/old.list; list /new > /tmp/new.list
cmp /tmp/old.list /tmp/new.list >&2
sync
find /new -type f | wc -l
`

async function copy(from: string, to: string, image: string): Promise<number> {
  const run = ['run', '--rm', '--network', 'none', '--pull', 'never', '--user', '0', '--entrypoint']
  const mounts = ['--volume', `${from}:/old:ro`, '--volume', `${to}:/new`]
  const words = [...run, 'sh', ...mounts, image, '-c', script]
  const { exitCode, stdout, stderr } = await runDocker(words, { timeout: hours })
  if (exitCode === 0) return Number(stdout.trim())
  if (exitCode === 9) {
    throw new UserError({
      message: `the volume ${to} has data of its own`,
      hint: `If it is of no use, remove it first: docker volume rm ${to}`,
    })
  }
  throw new UserError({
    message: `copying ${from} to ${to} failed; ${from} is as it was`,
    hint: lastLines(stderr) || `It ended with ${exitCode}.`,
    kind: 'environment',
  })
}
