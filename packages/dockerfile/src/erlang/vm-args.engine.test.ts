import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine, ensureImages, run, runLabel } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmulatorFlag, emulatorFlags, type FlagShape } from './emulator-flags.ts'
import { atom } from './term.ts'
import { argument, printVmArgs, type VmArgs } from './vm-args.ts'

/** Values of a flag: every word, both ends of a range where a small machine can have them. */
function valuesOf(flag: EmulatorFlag): readonly (string | number | boolean)[] {
  const shape: FlagShape = emulatorFlags[flag]
  if (flag in bounded) return bounded[flag]!
  if (shape === 'boolean') return [true, false]
  if (shape === 'alone') return [true]
  if ('words' in shape) return shape.words
  if ('counts' in shape) return ['1:1', '1', ':1']
  if ('pattern' in shape) return ['0', '100', 'de']
  return [...shape]
}

// Where the greatest value takes memory or threads that a test machine does not have.
const bounded: Readonly<Partial<Record<EmulatorFlag, readonly (string | number | boolean)[]>>> = {
  '+P': [1024, 1_048_576],
  '+Q': [1024, 1_048_576],
  '+t': [8192, 2_000_000],
  '+e': [1, 100_000],
  '+S': ['2:1', '4', ':1', '0:0', '-1:-1'],
  '+SP': ['50:25', '100'],
  '+SDPcpu': ['50:25', '100'],
  '+SDio': [1, 64],
  '+A': [1, 64],
  '+a': [16, 64],
  '+IOt': [1, 4],
  '+IOp': [1, 4],
  '+sss': [20, 256],
  '+sssdcpu': [20, 256],
  '+sssdio': [20, 256],
  '+sct': ['L0-1c0-1'],
  '+hms': [233, 10_000],
  '+hmbs': [46_422],
  '+hmax': [0, 10_000_000],
  '+MMscs': [0, 64],
  // Kept for thread-specific allocators only.
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

  it('boots with every flag, and with each value', async () => {
    const flags = Object.keys(emulatorFlags) as EmulatorFlag[]
    const alone = flags.flatMap((flag) =>
      valuesOf(flag).map((value): [string, VmArgs] => [`${flag} ${value}`, { [flag]: value }]),
    )
    // All flags in one file, apart from the sorts of file names, of which there is one.
    const all = Object.fromEntries(
      flags
        .filter((flag) => !/^\+fn[al]|^\+fnu./.test(flag))
        .map((flag) => [flag, valuesOf(flag)[0]!]),
    )
    const kernel = { net_ticktime: 20, connect_all: false, logger_level: atom('error') }
    const cases = [...alone, ['all', { ...all, '-hidden': true, '-kernel': kernel }] as const]
    for (const [index, [, args]] of cases.entries()) {
      writeFileSync(join(folder, `${index}.args`), print(args as VmArgs))
    }
    const { stdout, stderr } = await boot(
      `for n in $(seq 0 ${cases.length - 1}); do
         said=$(erl -args_file $n.args -noinput -eval 'halt(0).' 2>&1) || echo "$n $said"
       done`,
    )
    const failed = stdout
      .split('\n')
      .filter((line) => /^\d+ /.test(line))
      .map((line) => `${cases[Number.parseInt(line, 10)]![0]}: ${line}`)
    expect(failed, stderr).toEqual([])
    console.log(`${cases.length} files of vm.args booted`)
  })

  it('does not boot with an invented flag, so the test above can fail', async () => {
    writeFileSync(join(folder, 'bad.args'), '-sname test\n+Msbagf 1\n')
    const { code, stdout } = await boot("erl -args_file bad.args -noinput -eval 'halt(0).' 2>&1")
    expect([code, stdout]).toEqual([1, expect.stringContaining('bad')])
  })

  it('gives an argument back as it was', async () => {
    const texts = fc.sample(fc.stringMatching(/^[\\"'`$#<>{}[\]()=,;:&|!*?~% a-z+-]{1,20}$/), {
      numRuns: 300,
      seed: 3,
    })
    const lines = texts.map((text) => `-word ${argument(`x${text}`)}\n`)
    writeFileSync(join(folder, 'words.args'), lines.join(''))
    const { stdout } = await boot(
      `erl -args_file words.args -noinput -eval '[io:format("~ts~n", [W]) || {word, [W]} <- init:get_arguments()], halt(0).'`,
    )
    expect(stdout.trimEnd().split('\n')).toEqual(texts.map((text) => `x${text}`.trimEnd()))
  })
})
