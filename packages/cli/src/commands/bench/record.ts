import { existsSync, readFileSync, statSync } from 'node:fs'
import { isUserError, printable, readRegularFile, replaceFile, UserError } from '@erlmcp/core'
import { baselineFile, measurementOf, recordBaseline, samplesFile } from '@erlmcp/gates/bench'
import { evidenceFolderOf } from '@erlmcp/gates/run'
import { command, noOperands } from '../../command-line/command.ts'
import { text } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'

/** Where `erlmcp gate run bench` leaves its measurements. */
const lastRun = (set: string) => `${evidenceFolderOf(set)}/bench/evidence/${samplesFile}`

export default command({
  operands: noOperands,
  options: {
    samples: text('FILE', 'measurements. Default: those of the last gate run'),
    set: text('SET', 'set of gates, if the stack has several', 'gates'),
  },
  async run({ options: { set, samples } }, output) {
    const path = samples ?? lastRun(set)
    if (!existsSync(path)) {
      throw new UserError({
        message: `${path} does not exist`,
        hint: 'Measure first: npx erlmcp gate run bench. Or name the file: --samples FILE.',
      })
    }
    if (!statSync(path).isFile()) {
      throw new UserError({
        message: `${path} is not a file`,
        hint: 'Name the file with the samples.',
      })
    }
    const measurement = await readMeasurement(path)
    writeBaseline(recordBaseline(measurement, readRegularFile(baselineFile)))
    const { benchmarks, machine } = measurement
    const count = `${benchmarks.length} benchmark${benchmarks.length === 1 ? '' : 's'}`
    const source = `${count} on OTP ${machine.otp}, ${machine.arch}`
    output.out(printable(`${baselineFile}: ${source}: commit it\n`))
    return exit.ok
  },
})

function writeBaseline(text: string): void {
  try {
    replaceFile('.', baselineFile, text)
  } catch (error) {
    const why = isUserError(error) ? error.summary : (error as Error).message
    throw new UserError({
      message: `${baselineFile} cannot be written: ${why.replace(`${baselineFile}: `, '')}`,
      hint: 'Check what is at that path, the free disk space, and the permissions.',
      kind: 'environment',
    })
  }
}

/** Errors of the samples name their file. */
async function readMeasurement(path: string) {
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
