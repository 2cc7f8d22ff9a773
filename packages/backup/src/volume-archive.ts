import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UserError } from '@erlmcp/core'
import { docker, streamDocker } from '@erlmcp/docker'
import type { TreeFacts } from './manifest.ts'
import { tarTap } from './tar-facts.ts'

/** Where a restore prepares, and keeps what was there. It is in no backup. */
export const stagingName = '.erlmcp-restore'

const kept = [
  ...['--numeric-owner', '--acls', '--xattrs'],
  ...['--xattrs-include=user.*', '--xattrs-include=security.capability'],
]

/**
 * Reads the files of a folder in a container, with owners, modes, times, links and attributes.
 *
 * @param take gets the archive
 * @throws UserError when a file changes while it is read
 */
export async function pack<Result>(
  container: string,
  folder: string,
  message: string,
  take: (archive: Readable) => Promise<Result>,
): Promise<{ readonly facts: TreeFacts; readonly result: Result }> {
  const tar = [
    ...['tar', '--create', '--file=-', '--format=posix', '--sort=name', ...kept],
    // Times of access are not the content's.
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
      hint: 'Without --live the containers that write it are held still meanwhile.',
      kind: 'environment',
    })
  }
}

/** The facts of a folder as it is now. */
export async function treeFacts(
  container: string,
  folder: string,
  message: string,
): Promise<TreeFacts> {
  const { facts } = await pack(container, folder, message, async (archive) => {
    for await (const _ of archive);
  })
  return facts
}

/** Gives an archive's files back, in a folder that is made for them. */
export async function unpack(
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

/** Whether a volume has files of its own. */
export async function hasFiles(container: string, folder: string): Promise<boolean> {
  const find = ['find', folder, '-mindepth', '1', '-maxdepth', '1', '!', '-name', stagingName]
  const said = await docker(['exec', container, ...find, '-print', '-quit'], {
    label: 'looking at a volume',
  })
  return said !== ''
}

// All of them can be run again after they were killed: what is where tells how far they came.
// Renames alone: whatever its size, a volume is swapped in a moment.
const inPlace = 'set -eu; cd "$1"; stage=.erlmcp-restore'
const entries = '-mindepth 1 -maxdepth 1 ! -name .erlmcp-restore'

/** Takes what is there aside, and puts what was prepared in its place. */
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

/** The way back, from wherever the swap came to. */
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
 * One step of a restore in a volume.
 *
 * @param root whether the folder itself gets the owner and mode of what was prepared
 */
export async function inVolume(
  step: keyof typeof scripts,
  container: string,
  folder: string,
  root = false,
): Promise<void> {
  const words = ['exec', container, 'sh', '-c', scripts[step], 'sh', folder, root ? 'root' : '-']
  await docker(words, { label: `the ${step} of a volume` })
}

/** Whether a restore that is not known here has left something in a volume. */
export async function hasStaging(container: string, folder: string): Promise<boolean> {
  const words = ['exec', container, 'sh', '-c', '[ ! -e "$1" ] || echo yes', 'sh']
  return (
    (await docker([...words, `${folder}/${stagingName}`], { label: 'looking at a volume' })) !== ''
  )
}
