import { existsSync, readFileSync, statSync } from 'node:fs'
import { isUserError, readRegularFile, replaceFile, UserError } from '@erlmcp/core'
import { baselineFile, measurementOf, recordBaseline, samplesFile } from '@erlmcp/gates/bench'
import { evidenceFolderOf } from '@erlmcp/gates/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { printable } from '../report/printable.ts'

/** Where `erlmcp gate run bench` leaves what it measured. */
const lastRun = (set: string) => `${evidenceFolderOf(set)}/bench/evidence/${samplesFile}`

/** `erlmcp bench record`: what was measured becomes what later runs are held against. */
export async function benchRecord({ options }: Arguments, output: Output): Promise<number> {
  const set = typeof options.set === 'string' ? options.set : 'gates'
  const path = typeof options.samples === 'string' ? options.samples : lastRun(set)
  if (!existsSync(path)) {
    throw new UserError({
      message: `there is no ${path}`,
      hint: 'Measure first: npx erlmcp gate run bench. Or name the file: --samples FILE.',
    })
  }
  if (!statSync(path).isFile()) {
    throw new UserError({ message: `${path} is no file`, hint: 'Name the file of the samples.' })
  }
  const measurement = await measured(path)
  const old = readRegularFile(baselineFile)
  writeBaseline(recordBaseline(measurement, old))
  const { benchmarks, machine } = measurement
  const count = `${benchmarks.length} benchmark${benchmarks.length === 1 ? '' : 's'}`
  const message = `${count} on OTP ${machine.otp}, ${machine.arch}`
  output.out(printable(`${baselineFile}: ${message}: commit it\n`))
  return exit.ok
}

function writeBaseline(text: string): void {
  try {
    replaceFile('.', baselineFile, text)
  } catch (error) {
    const why = isUserError(error) ? error.summary : (error as Error).message
    throw new UserError({
      message: `${baselineFile} cannot be written: ${why.replace(`${baselineFile}: `, '')}`,
      hint: 'Look at what is there, at the room on the disk, and at who may write.',
      kind: 'environment',
    })
  }
}

/** What is wrong with the samples is told with the file that has them. */
async function measured(path: string) {
  try {
    return await measurementOf({ path, chunks: () => [readFileSync(path)] })
  } catch (error) {
    if (!isUserError(error)) throw error
    throw new UserError({
      message: `${path}: ${error.summary}`,
      hint: error.hint,
      kind: error.kind,
    })
  }
}
