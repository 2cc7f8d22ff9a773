import { UserError } from '@erlmcp/core'
import { docker, lastLines, runDocker } from '@erlmcp/docker'

export interface MoveVolumeOptions {
  /** An image with `sh`, `cp`, `find` and `sha256sum`. Default: that of the volume's containers. */
  readonly tools?: string
}

/** Result of a move. */
export interface MovedVolume {
  readonly from: string
  readonly to: string
  /** Files whose content was compared after the copy. */
  readonly files: number
  /** Whether the old volume was removed; a stopped container that uses it prevents that. */
  readonly isRemoved: boolean
  /** Stopped containers that use the old volume. */
  readonly heldBy: readonly string[]
}

interface VolumeFacts {
  readonly Driver: string
  readonly Labels: Readonly<Record<string, string>> | null
  readonly Options: Readonly<Record<string, string>> | null
}

const hours = 6 * 3600
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/
// Marks an unfinished copy, which is restarted.
const marker = '.erlmcp-moving'

/**
 * Renames a volume: copies it into a new one, compares every file, and removes the old one. Where
 * anything fails, the old volume is unchanged.
 *
 * @throws UserError for an unknown volume, where a running container uses one of the two, and where the
 *   new one has data
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
      message: `the engine has no volume ${from}`,
      hint: 'List the volumes with `docker volume ls`.',
    })
  }
  if (old.Driver !== 'local' || old.Options?.device !== undefined) {
    throw new UserError({
      message: `cannot move ${from}: expected a volume of the driver local without a device, got driver ${old.Driver}`,
      hint: 'Set the name or the options of this volume in the stack instead.',
    })
  }
  await validateUnused(from, to)
  const image = await findToolsImage(from, to, options.tools)
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
      message: `invalid volume name ${JSON.stringify(name)}`,
      hint: 'Use names as `docker volume ls` lists them: erlmcp volumes move shop_old shop_new',
    })
  }
  if (from !== to) return
  throw new UserError({ message: `both names are ${from}`, hint: 'Name the new volume second.' })
}

async function inspect(name: string): Promise<VolumeFacts | undefined> {
  const { exitCode, stdout, stderr } = await runDocker(['volume', 'inspect', name], { timeout: 60 })
  if (exitCode === 0) return JSON.parse(stdout)[0]
  if (/no such volume/i.test(stderr)) return undefined
  throw new UserError({
    message: `cannot inspect the volume ${name}`,
    hint: lastLines(stderr),
    kind: 'environment',
  })
}

async function containersOf(volume: string, ...more: string[]): Promise<string[]> {
  const filter = ['--filter', `volume=${volume}`, '--format', '{{.Names}}']
  const names = await docker(['ps', ...more, ...filter], { timeout: 60 })
  return names.split('\n').filter((name) => name !== '')
}

async function validateUnused(...volumes: string[]): Promise<void> {
  for (const volume of volumes) {
    const [name] = await containersOf(volume)
    if (name === undefined) continue
    throw new UserError({
      message: `the running container ${name} uses ${volume}`,
      hint: `Stop it first: docker stop ${name}`,
    })
  }
}

async function findToolsImage(
  from: string,
  to: string,
  wanted: string | undefined,
): Promise<string> {
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

/** Creates it with the labels of Compose, which otherwise does not use the volume. */
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

// One container makes both lists, so that one `cmp` compares names and contents.
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
      message: `the volume ${to} is not empty`,
      hint: `Remove it first if it is not used: docker volume rm ${to}`,
    })
  }
  throw new UserError({
    message: `copying ${from} to ${to} failed; ${from} is unchanged`,
    hint: lastLines(stderr) || `Exit code ${exitCode}.`,
    kind: 'environment',
  })
}
