import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '@erlmcp/core'
import { baselineFile, samplesFile } from '@erlmcp/gates'
import { measurementOf, recordBaseline } from '@erlmcp/gates/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import { printable } from '../report/printable.ts'
import type { Output } from '../run.ts'

/** Where `erlmcp gate run bench` leaves what it measured. */
const lastRun = `.erlmcp/gates/bench/evidence/${samplesFile}`

/** `erlmcp bench record`: what was measured becomes what later runs are held against. */
export async function benchRecord({ options }: Arguments, output: Output): Promise<number> {
  const path = typeof options.samples === 'string' ? options.samples : lastRun
  if (!existsSync(path)) {
    throw new UserError({
      what: `there is no ${path}`,
      help: 'Measure first: npx erlmcp gate run bench. Or name the file: --samples FILE.',
    })
  }
  const measurement = await measurementOf({ path, chunks: () => [readFileSync(path)] })
  const old = existsSync(baselineFile) ? readFileSync(baselineFile, 'utf8') : undefined
  mkdirSync(dirname(baselineFile), { recursive: true })
  writeFileSync(baselineFile, recordBaseline(measurement, old))
  const { benchmarks, machine } = measurement
  const count = `${benchmarks.length} benchmark${benchmarks.length === 1 ? '' : 's'}`
  const what = `${count} on OTP ${machine.otp}, ${machine.arch}`
  output.out(printable(`${baselineFile}: ${what}: commit it\n`))
  return exit.ok
}
