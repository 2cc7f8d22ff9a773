import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheDirectory } from './cache-directory.ts'

/** Does some work while no other process does work of that name. */
export async function oneAtATime<Result>(
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  mkdirSync(cacheDirectory(), { recursive: true })
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16)
  const file = join(cacheDirectory(), `${hash}.lock`)
  while (!create(file)) {
    if (!isHeld(file)) rmSync(file, { force: true })
    else await sleep(500)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function create(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Whether the process that created the file is alive; a file without its content is just being written. */
function isHeld(file: string): boolean {
  try {
    const pid = readFileSync(file, 'utf8')
    if (pid !== '') process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
