import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compose } from '@erlmcp/compose'
import { type BuiltImage, type Stack, stack } from '@erlmcp/core'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type GateSpec, gate, gates } from '../index.ts'
import { type RunGatesOptions, runGates } from '../run.ts'
import { fakeEngine } from '../testing/fake-engine.ts'

const image: BuiltImage = {
  image: 'shop:1.0.0-tools',
  build: { context: '.', dockerfile: 'Dockerfile', target: 'tools' },
  user: '1000:1000',
  writable: ['/tmp'],
}
const spec: GateSpec = { service: 'shop', command: ['true'], timeout: '1m' }
const unit = gate('unit', { ...spec, outputs: ['cover'] })
const coverage = gate('coverage', { ...spec, command: ['cover'], inputs: [unit] })

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp-run-gates-'))
  put('src/shop.erl', '-module(shop).')
  put('Dockerfile', '')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const read = (path: string) => readFileSync(join(root, path), 'utf8')

function stackOf(values = [unit], sources = ['src']): Stack {
  const quality = gates(values, { image, sources })
  return stack('shop', [quality, compose('docker-compose.yml', [...quality.services])])
}

/** Runs gates with a docker that does something else now and then. */
function run(instead = '', options: Partial<RunGatesOptions> = {}, shop = stackOf()) {
  const asked = fakeEngine(instead)
  const done = runGates(shop, { root, ...options })
  return { done, asked }
}

const diagnostics = async (instead: string) => {
  const { results } = await run(instead).done
  return results[0]!.diagnostics.map(({ kind, message }) => `${kind}: ${message}`)
}

test('a gate with exit code 0 passes, and its container is removed', async () => {
  const { done, asked } = run()
  expect(await done).toMatchObject({ ok: true, changed: false, engine: '28.5.2' })
  expect(asked().filter((line) => /^rm .* erlmcp-gate-\S+-unit $/.test(line))).toHaveLength(1)
})

describe('missing', () => {
  test('docker', async () => {
    const { PATH } = process.env
    onTestFinished(() => {
      process.env.PATH = PATH
    })
    process.env.PATH = join(root, 'nothing')
    await expect(runGates(stackOf(), { root })).rejects.toMatchObject({
      summary: 'docker command not found',
      kind: 'environment',
    })
  })

  test.each([
    ['that fails', 'echo "permission denied" >&2; exit 1', 'permission denied'],
    ['that prints nothing', 'echo; exit 0', 'Start the engine, then check it with `docker info`.'],
  ])('engine behind a docker %s', async (_, answer, hint) => {
    const { done } = run(`[ "$1" != info ] || { ${answer}; }`)
    await expect(done).rejects.toMatchObject({
      summary: 'docker reaches no engine',
      hint: expect.stringContaining(hint),
    })
  })

  test('source: no gate runs', async () => {
    const { done, asked } = run('', {}, stackOf([unit], ['src', 'config', 'rebar.lock']))
    await expect(done).rejects.toThrow('missing sources of the gates: config, rebar.lock')
    expect(asked()).toEqual([])
  })

  test('folder for the cache: no gate runs', async () => {
    put('cache', '')
    const { done, asked } = run('', { cache: 'cache' })
    await expect(done).rejects.toThrow('cache: expected a folder, got a file')
    expect(asked().filter((line) => line.includes(' build '))).toEqual([])
  })

  test('gate', async () => {
    const { done } = run('', { only: ['unti'] })
    await expect(done).rejects.toThrow('unknown gate "unti"')
  })

  test('image that does not build', async () => {
    const { done } = run('case "$*" in *" build "*) echo "no such base" >&2; exit 1 ;; esac')
    await expect(done).rejects.toThrow(/does not build\n {2}.*no such base/)
  })
})

test('a container that does not start has a receipt without evidence, also after a passed run', async () => {
  put('.erlmcp/gates/unit/evidence/stale', '')
  const { done } = run(
    'case "$*" in *--no-TTY*) echo "no such network" >&2; exit 1 ;; inspect*) exit 1 ;; esac',
  )
  const { results, receipts } = await done
  expect(results[0]).toMatchObject({ verdict: 'failed', ending: { why: 'no such network' } })
  expect(receipts[0]!.receipt).toMatchObject({
    ending: 'did not start',
    output: { bytes: 0 },
    evidence: [],
  })
})

describe('a link', () => {
  test.each(['.erlmcp', '.erlmcp/gates'])(
    'at %s is rejected, and its target is untouched',
    async (path) => {
      put('elsewhere/unit/kept', '')
      put('elsewhere/gates/unit/kept', '')
      mkdirSync(dirname(join(root, path)), { recursive: true })
      symlinkSync(join(root, 'elsewhere'), join(root, path))
      await expect(run().done).rejects.toThrow(/link/)
      expect(existsSync(join(root, 'elsewhere/unit/kept'))).toBe(true)
      expect(existsSync(join(root, 'elsewhere/gates/unit/kept'))).toBe(true)
    },
  )

  test('created by a container is not followed', async () => {
    const spied = (link: string) => `case $1 in cp) ${link}; exit 0 ;; esac`
    put('secret/.run', 'x')
    const whole = spied(`ln -s '${root}/secret' "$3"`)
    expect((await run(whole).done).ok).toBe(true)
    expect(existsSync(join(root, '.erlmcp/gates/unit/evidence'))).toBe(false)
    // Would never end to be read.
    const mark = spied(`mkdir "$3"; ln -s /dev/zero "$3/.run"`)
    expect((await run(mark).done).ok).toBe(true)
    expect(existsSync(join(root, '.erlmcp/gates/unit/evidence'))).toBe(false)
    expect(existsSync(join(root, 'secret/.run'))).toBe(true)
  })
})

describe('evidence', () => {
  const left = (script: string) => `case $1 in cp) mkdir -p "$3"; cd "$3"; ${script} ;; esac`

  test('with names that are not UTF-8 is in the receipt', async () => {
    const odd = left(
      `echo 1 >"$(printf 'TEST-\\377.xml')"; echo 2 >"$(printf 'a\\nb')"; cd - >/dev/null`,
    )
    const { ok, receipts } = await run(odd).done
    expect(ok).toBe(true)
    expect(receipts[0]!.receipt.evidence.map(({ path }) => path)).toEqual([
      ...['.run', 'TEST-\\xff.xml', 'a\nb'],
    ])
  })

  test('in folders without permissions is removed by the next run', async () => {
    const closed = left('mkdir -p in; echo 1 >in/a; chmod 0 in/a in; cd - >/dev/null')
    expect((await run(closed).done).ok).toBe(true)
    expect((await run().done).ok).toBe(true)
  })

  test.each([
    ['throws', () => Promise.reject(new Error('no such thing')), 'mine: no such thing'],
    ['throws a value without a text', () => Promise.reject(Object.create(null)), 'without a text'],
    ['returns undefined', async () => undefined as never, 'mine: `read` returned no report'],
    [
      'returns something else',
      async () => ({ diagnostics: 'none' }) as never,
      'mine: `read` returned no report',
    ],
  ])('with a reader that %s fails the gate, not the run', async (_, read, words) => {
    const odd = gate('unit', { ...spec, evidence: [{ name: 'mine', outputs: [], read }] })
    const { results } = await run('', {}, stackOf([odd])).done
    expect(results[0]!.diagnostics).toMatchObject([
      { kind: 'report-invalid', message: expect.stringContaining(words) },
    ])
  })
})

test('a pipe among the sources is not read', async () => {
  spawnSync('mkfifo', [join(root, 'src/pipe')])
  expect((await run().done).ok).toBe(true)
})

/** A container that runs for ever. */
const untilKilled =
  'case "$*" in *--no-TTY*) until grep -q ^kill "$(dirname "$0")/asked"; do sleep 0.1; done ;; esac'

test('a container with too much output is killed', async () => {
  const endless = `case "$*" in *--no-TTY*) head -c 270000000 /dev/zero ;; esac; ${untilKilled}`
  expect(await diagnostics(endless)).toEqual([
    'killed: the gate was killed: more than 256 MiB of output',
  ])
})

describe('an engine that stops responding', () => {
  let clock: NodeJS.Timeout | undefined
  afterEach(() => {
    clearInterval(clock)
    vi.useRealTimers()
  })

  /** Runs with a clock of a hundred seconds a second, once the container was started. */
  async function inAHurry(instead: string) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { done, asked } = run(instead)
    clock = setInterval(() => {
      if (asked().some((line) => line.includes('--no-TTY'))) vi.advanceTimersByTime(1_000)
    }, 10)
    const { results } = await done
    return { diagnostics: results[0]!.diagnostics, asked: asked().join('\n') }
  }

  const silence = [{ kind: 'killed', message: expect.stringContaining('did not respond for 60 s') }]

  test('delays the run by a minute at most', async () => {
    const found = await inAHurry('case "$*" in *--no-TTY*|kill*) exec sleep 600 ;; esac')
    expect(found.diagnostics).toMatchObject(silence)
    expect(found.asked).toMatch(/^kill [\s\S]*^rm --force/m)
  })

  test('also if the container ended, but its output does not arrive', async () => {
    const gone = 'case "$*" in *--no-TTY*) exec sleep 600 ;; kill*) exit 1 ;; esac'
    expect((await inAHurry(gone)).diagnostics).toMatchObject([
      { kind: 'timeout', message: expect.stringContaining('exceeded its timeout') },
    ])
  })
})

describe('output', () => {
  const printing = (text: string) => `case "$*" in *--no-TTY*) printf '${text}' ;; esac`

  test('is kept without the end mark', async () => {
    const { ok } = await run(printing('one\\ntwo')).done
    expect(ok).toBe(true)
    expect(read('.erlmcp/gates/unit/output.log')).toBe('one\ntwo')
  })

  test('that is incomplete fails the gate, even with exit code 0', async () => {
    expect(await diagnostics(`${printing('ok')}; case "$*" in *--no-TTY*) exit 0 ;; esac`)).toEqual(
      [expect.stringMatching(/^report-invalid: the output is incomplete/)],
    )
  })

  test('that ends while the container runs fails the gate', async () => {
    expect(await diagnostics('case $1 in inspect) echo "0 false running"; exit 0 ;; esac')).toEqual(
      ['killed: the gate was killed: the connection to the engine broke'],
    )
  })
})

test('the second run in a folder waits for the first, and names it', async () => {
  fakeEngine('case "$*" in *--no-TTY*) sleep 0.3 ;; esac')
  const holders: string[] = []
  const on: RunGatesOptions['on'] = (event) => {
    if (event.kind === 'waiting') holders.push(event.holder)
  }
  const runs = await Promise.all([1, 2].map(() => runGates(stackOf(), { root, on })))
  expect(runs.map(({ ok }) => ok)).toEqual([true, true])
  expect(holders).toEqual([expect.stringMatching(/^process \d+ on /)])
})

describe('stopping', () => {
  test('while building ends the builder', async () => {
    const controller = new AbortController()
    const { done, asked } = run(
      `case "$*" in *" build "*) trap "echo ended >'${root}/builder'; exit 1" TERM; echo begun >'${root}/builder'; sleep 60 & wait ;; esac`,
      { signal: controller.signal },
    )
    while (!existsSync(join(root, 'builder')) || read('builder') === '') {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    controller.abort()
    await expect(done).rejects.toThrow('stopped while building the image')
    expect(asked().some((line) => line.includes(' run '))).toBe(false)
    expect(read('builder')).toBe('ended\n')
  })

  test('while a container is made kills it', async () => {
    const controller = new AbortController()
    const { done } = run(untilKilled, {
      signal: controller.signal,
      on: ({ kind }) => void (kind === 'started' && controller.abort()),
    })
    expect((await done).results[0]).toMatchObject({ ending: { why: 'the run was stopped' } })
  })
})

describe('--reuse', () => {
  const shop = () => stackOf([unit, coverage])
  const again = async (options: Partial<RunGatesOptions> = {}, of = shop()) => {
    const { done, asked } = run('', { only: ['coverage'], reuse: true, ...options }, of)
    const { ok, receipts } = await done
    const ran = asked().flatMap(
      (line) => / run --no-TTY .* --name erlmcp-gate-\w+-([a-z]+) /.exec(line)?.[1] ?? [],
    )
    return { ok, ran, receipts: receipts.length }
  }
  const result = '.erlmcp/gates/unit/result.json'

  test('takes a gate that was green on the same files, and makes no receipt of it', async () => {
    await run('', { only: ['unit'] }, shop()).done
    expect(await again()).toEqual({ ok: true, ran: ['coverage'], receipts: 1 })
  })

  test.each<[string, () => void]>([
    ['other files', () => put('src/shop.erl', '-module(shop). %')],
    ['a result that cannot be read', () => put(result, '{"format":1,')],
    [
      'one that says green and no more',
      () => put(result, '{"format":1,"result":{"verdict":"green"}}'),
    ],
    ['one of the future', () => put(result, read(result).replace(/("started": )\d+/, '$19e14'))],
    [
      'one without a time',
      () => put(result, read(result).replace(/"started": \d+/, '"started": {}')),
    ],
    ['no result', () => rmSync(join(root, result))],
  ])('does not take it with %s', async (_, spoil) => {
    await run('', { only: ['unit'] }, shop()).done
    spoil()
    expect(await again()).toEqual({ ok: true, ran: ['unit', 'coverage'], receipts: 2 })
  })

  test('judges the evidence again: what was green by other rules is not taken', async () => {
    await run('', { only: ['unit'] }, shop()).done
    const read = async () => ({ diagnostics: [{ kind: 'threshold' as const, message: 'too few' }] })
    const strict = gate('unit', { ...unit.spec, evidence: [{ name: 'strict', outputs: [], read }] })
    const { ok, ran } = await again(
      {},
      stackOf([gate('coverage', { ...coverage.spec, inputs: [strict] })]),
    )
    expect([ok, ran]).toEqual([false, ['unit']])
  })

  test('does not take a gate that was red, nor one whose files changed while it ran', async () => {
    await run('case $1 in inspect) echo "1 false"; exit 0 ;; esac', { only: ['unit'] }, shop()).done
    expect((await again()).ran).toEqual(['unit', 'coverage'])
    const edit = `case "$*" in *--no-TTY*) echo '%' >>'${root}/src/shop.erl' ;; esac`
    const changed = await run(edit, { only: ['unit'] }, shop()).done
    expect(changed).toMatchObject({ ok: false, changed: true, changes: ['src/shop.erl'] })
    expect((await again()).ran).toEqual(['unit', 'coverage'])
  })
})
