import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'

/** What happens after a change. */
interface Reaction {
  /** Changes of these files cause no run, such as those that a run writes. */
  isIgnored(path: string): boolean
  run(): Promise<void>
}

// One save of an editor causes several events.
const pause = 30

/** Runs now, and after each change of a file in a folder, until the process is interrupted. */
export async function watchFolder(root: string, { isIgnored, run }: Reaction): Promise<void> {
  let isRunning = true
  let isChanged = false
  let timer: NodeJS.Timeout | undefined
  const runAgain = async () => {
    if (isRunning) return
    isRunning = true
    while (isChanged) {
      isChanged = false
      await run()
    }
    isRunning = false
  }
  const watchers = watchAll(root, (path) => {
    if (isIgnored(path)) return
    isChanged = true
    clearTimeout(timer)
    timer = setTimeout(runAgain, pause)
  })
  await run()
  isRunning = false
  void runAgain()
  await new Promise<void>((done) => process.once('SIGINT', done).once('SIGTERM', done))
  clearTimeout(timer)
  for (const watcher of watchers) watcher.close()
}

const skipped = /^\.|^(?:node_modules|_build|dist|secrets)$/

/** A watcher for each folder: a recursive one would follow every package in node_modules. */
function watchAll(folder: string, changed: (path: string) => void): readonly FSWatcher[] {
  const watcher = watch(folder, (_, name) => {
    if (name !== null && !skipped.test(name)) changed(join(folder, name))
  })
  const folders = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !skipped.test(entry.name),
  )
  return [watcher, ...folders.flatMap(({ name }) => watchAll(join(folder, name), changed))]
}
