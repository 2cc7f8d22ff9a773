import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine, ensureImages, run, runLabel } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmulatorFlag, emulatorFlags, type FlagValues } from './emulator-flags.ts'
import { atom } from './term.ts'
import { argument, printVmArgs, type VmArgs } from './vm-args.ts'

const flags = Object.keys(emulatorFlags) as EmulatorFlag[]

/** Values of a flag: every word, both ends of a range where a small machine can have them. */
function valuesOf(flag: EmulatorFlag): readonly (string | number | boolean)[] {
  const values: FlagValues = emulatorFlags[flag]
  if (flag in bounded) return bounded[flag]!
  if (values === 'boolean') return [true, false]
  if (values === 'alone') return [true]
  if ('words' in values) return values.words
  if ('counts' in values) return ['1:1', '1', ':1']
  if ('pattern' in values) return ['0', '100', 'de']
  return [...values]
}

// Where the maximum takes memory or threads that a test machine does not have.
const bounded: Readonly<Partial<Record<EmulatorFlag, readonly (string | number | boolean)[]>>> = {
  '+P': [1024, 1_048_576],
  '+Q': [1024, 1_048_576],
  '+t': [65_536, 2_000_000],
  '+e': [1, 100_000],
  '+S': ['2:1', '4', ':1', '0:0', '-1:-1'],
  '+SP': ['50:25', '100'],
  '+SDPcpu': ['50:25', '100'],
  '+SDio': [1, 64],
  '+A': [1, 64],
  '+a': [16, 64],
  '+IOt': [2, 4],
  '+IOp': [1, 2],
  '+sss': [20, 256],
  '+sssdcpu': [20, 256],
  '+sssdio': [20, 256],
  '+sct': ['L0-1c0-1'],
  '+hms': [233, 10_000],
  '+hmbs': [46_422],
  '+hmax': [0, 10_000_000],
  '+MMscs': [0, 64],
  '+hpds': [1, 1000],
}

describeEngine('vm.args, read by the emulator', () => {
  let folder: string
  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim'])
    folder = mkdtempSync(join(tmpdir(), 'erlang-args-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const boot = (script: string) =>
    run(
      [
        ...(['docker', 'run', '--rm', '--label', runLabel(), '-v', `${folder}:/w`] as const),
        ...['-w', '/w', 'erlang:28.3.1-slim', 'sh', '-c', script],
      ],
      { timeout: 300_000 },
    )
  const context = { name: 'test@127.0.0.1', lines: ['-start_epmd false', '-erl_epmd_port 9100'] }
  const print = (args: VmArgs) => printVmArgs(args, context)

  it('boots with every flag, and with each of its values', async () => {
    // The nth file has the nth value of each flag; of the flags for file names there can be one.
    const names = flags.filter((flag) => flag.startsWith('+fn'))
    const others = flags.filter((flag) => !flag.startsWith('+fn'))
    const count = Math.max(names.length, ...others.map((flag) => valuesOf(flag).length))
    const kernel = { net_ticktime: 20, connect_all: false, logger_level: atom('error') }
    for (let n = 0; n < count; n++) {
      const given = [...others, names[n % names.length]!].map((flag) => {
        const values = valuesOf(flag)
        return [flag, values[n % values.length]]
      })
      const args: VmArgs = { ...Object.fromEntries(given), '-hidden': true, '-kernel': kernel }
      writeFileSync(join(folder, `${n}.args`), print(args))
    }
    const { stdout } = await boot(
      `for n in $(seq 0 ${count - 1}); do
         erl -args_file $n.args -noinput -eval 'io:format("~p~n", [node()]), halt(0).' 2>&1 || cat $n.args
       done`,
    )
    expect(stdout).toBe("'test@127.0.0.1'\n".repeat(count))
    console.log(`${flags.length} flags booted in ${count} files`)
  })

  it('does not boot with an unknown flag', async () => {
    writeFileSync(join(folder, 'bad.args'), '-sname test\n+Msbagf 1\n')
    const { code, stdout } = await boot("erl -args_file bad.args -noinput -eval 'halt(0).' 2>&1")
    expect([code, stdout]).toEqual([1, expect.stringContaining('bad')])
  })

  it('reads an argument back unchanged', async () => {
    const texts = fc.sample(fc.stringMatching(/^[\\"'`$#<>{}[\]()=,;:&|!*?~% a-z+-]{1,20}$/), {
      numRuns: 300,
      seed: 3,
    })
    const lines = texts.map((text) => `-word ${argument(`x${text}`)}\n`)
    writeFileSync(join(folder, 'words.args'), lines.join(''))
    const { stdout } = await boot(
      `erl -args_file words.args -noinput -eval '[io:format("~ts~n", [W]) || {word, [W]} <- init:get_arguments()], halt(0).'`,
    )
    expect(stdout).toBe(texts.map((text) => `x${text}\n`).join(''))
  })
})
