// One measurement in a process of its own: nothing is warm, as in a synth, and memory is its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contestants } from './contestants.ts'

const [name, count] = process.argv.slice(2)
const scratch = mkdtempSync(join(tmpdir(), 'erlmcp-bench-'))

async function measure() {
  const make = await contestants[name!]!(scratch)
  const memoryBefore = process.resourceUsage().maxRSS
  const before = process.cpuUsage()
  const text = make(Number(count))
  const { user, system } = process.cpuUsage(before)
  return {
    cpu: (user + system) / 1000,
    memory: (process.resourceUsage().maxRSS - memoryBefore) / 1024,
    services: text.match(/^\s+"?service-\d+"?:/gm)?.length ?? 0,
  }
}

measure()
  .then((result) => console.log(JSON.stringify(result)))
  .finally(() => rmSync(scratch, { recursive: true, force: true }))
