import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UserError } from '@erlmcp/core'
import { docker, streamDocker } from '@erlmcp/docker'
import type { TreeFacts } from '../set/manifest.ts'
import { tarTap } from '../set/tar-facts.ts'

/** Directory of a volume for restored and old data. No backup includes it. */
export const stagingName = '.erlmcp-restore'

const kept = [
  ...['--numeric-owner', '--acls', '--xattrs'],
  ...['--xattrs-include=user.*', '--xattrs-include=security.capability'],
]

/**
 * Archives a directory of a container, with owners, modes, times, links and attributes.
 *
 * @param take receives the archive
 * @throws UserError where a file changes while it is read
 */
export async function packVolume<Result>(
  container: string,
  folder: string,
  message: string,
  take: (archive: Readable) => Promise<Result>,
): Promise<{ readonly facts: TreeFacts; readonly result: Result }> {
  const tar = [
    ...['tar', '--create', '--file=-', '--format=posix', '--sort=name', ...kept],
    // Reading changes access times.
    ...['--pax-option=delete=atime,delete=ctime', `--exclude=./${stagingName}`],
    ...['--directory', folder, '.'],
  ]
  const { tap, facts } = tarTap()
  try {
    const result = await streamDocker(['exec', container, ...tar], {
      label: `reading ${message}`,
      consume: async (output) => {
        pipeline(output, tap).catch(() => {})
        return take(tap)
      },
    })
    return { facts: facts(), result }
  } catch (error) {
    if (!(error instanceof UserError) || !/changed as we read|removed before/.test(error.hint)) {
      throw error
    }
    throw new UserError({
      message: `files of ${message} changed while they were read`,
      hint: 'Without --live the containers that write to it are paused meanwhile.',
      kind: 'environment',
    })
  }
}

/** Reads the facts of a directory. */
export async function treeFacts(
  container: string,
  folder: string,
  message: string,
): Promise<TreeFacts> {
  const { facts } = await packVolume(container, folder, message, async (archive) => {
    for await (const _ of archive);
  })
  return facts
}

/** Extracts an archive into a new directory. */
export async function unpackVolume(
  container: string,
  folder: string,
  archive: Readable,
  message: string,
): Promise<void> {
  const tar = ['tar', '--extract', '--file=-', '--preserve-permissions', '--same-owner', ...kept]
  const script = 'mkdir -p "$1" && shift && exec "$@"'
  const words = [...tar, '--directory', folder]
  await docker(['exec', '--interactive', container, 'sh', '-c', script, 'sh', folder, ...words], {
    label: `unpacking ${message}`,
    input: archive,
  })
}

/** Whether a volume has files. */
export async function hasFiles(container: string, folder: string): Promise<boolean> {
  const find = ['find', folder, '-mindepth', '1', '-maxdepth', '1', '!', '-name', stagingName]
  const reply = await docker(['exec', container, ...find, '-print', '-quit'], {
    label: 'reading a volume',
  })
  return reply !== ''
}

// Each script can be repeated after it was killed: the location of the files shows its progress.
// They only rename, so that the swap does not depend on the size of a volume.
const inPlace = 'set -eu; cd "$1"; stage=.erlmcp-restore'
const entries = '-mindepth 1 -maxdepth 1 ! -name .erlmcp-restore'

/** Moves the old files aside, and the restored files in. */
const swapScript = `${inPlace}
cd "$stage"
if [ ! -e emptied ]; then
  [ -e old ] || { mkdir old; chown --reference=.. old; chmod --reference=.. old; }
  find .. ${entries} -exec mv -t old -- {} +
  : >emptied
fi
find new ${entries} -exec mv -t .. -- {} +
if [ "$2" = root ]; then chown --reference=new ..; chmod --reference=new ..; fi
sync -f .
`

/** Undoes the swap at any stage. */
const undoScript = `${inPlace}
[ -e "$stage" ] || exit 0
cd "$stage"
if [ -e emptied ]; then
  mkdir -p new
  find .. ${entries} -exec mv -t new -- {} +
  rm emptied
fi
if [ -e old ]; then
  find old ${entries} -exec mv -t .. -- {} +
  chown --reference=old ..; chmod --reference=old ..
fi
cd ..
rm -rf "$stage"
sync -f .
`

const dropScript = `${inPlace}
rm -rf "$stage"
`

const scripts = { swap: swapScript, undo: undoScript, drop: dropScript }

/**
 * Runs one step of a restore in a volume.
 *
 * @param root whether the root of the volume gets the owner and mode of the restored one
 */
export async function runVolumeStep(
  step: keyof typeof scripts,
  container: string,
  folder: string,
  root = false,
): Promise<void> {
  const words = ['exec', container, 'sh', '-c', scripts[step], 'sh', folder, root ? 'root' : '-']
  await docker(words, { label: `the ${step} of a volume` })
}

/** Whether a restore that was run elsewhere has left files in a volume. */
export async function hasStaging(container: string, folder: string): Promise<boolean> {
  const words = ['exec', container, 'sh', '-c', '[ ! -e "$1" ] || echo yes', 'sh']
  return (
    (await docker([...words, `${folder}/${stagingName}`], { label: 'reading a volume' })) !== ''
  )
}
