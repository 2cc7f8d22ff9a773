import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type GateSpec, type GateValue, gate } from '../gate.ts'
import { schedule } from './schedule.ts'

const make = (name: string, more: Partial<GateSpec> = {}) =>
  gate(name, { service: 'check', command: [name], timeout: '1m', ...more })

/** What ran, as `+start` and `-end`, and with which result. */
async function ran(gates: readonly GateValue[], parallel = 2, red: readonly string[] = []) {
  const log: string[] = []
  const results = await schedule(gates, {
    parallel,
    hasPassed: (result) => result === 'passed',
    run: async ({ name }, by) => {
      if (by.length > 0) return `blocked by ${by.map((one) => one.name).join(', ')}`
      log.push(`+${name}`)
      await sleep(2)
      log.push(`-${name}`)
      return red.includes(name) ? 'failed' : 'passed'
    },
  })
  return { log: log.join(' '), results }
}

const compile = make('compile')
const eunit = make('eunit', { needs: [compile], outputs: ['cover'] })
const ct = make('ct', { needs: [compile], timeout: '2m', outputs: ['cover'] })
const coverage = make('coverage', { inputs: [eunit, ct] })
const bench = make('bench', { needs: [compile], exclusive: true })

test('independent gates run at once, the longest first', async () => {
  const { log } = await ran([compile, eunit, ct, coverage])
  expect(log).toBe('+compile -compile +ct +eunit -ct -eunit +coverage -coverage')
})

test('runs at most `parallel` gates at once', async () => {
  const { log } = await ran([compile, eunit, ct, coverage], 1)
  expect(log).toBe('+compile -compile +ct -ct +eunit -eunit +coverage -coverage')
})

test('an exclusive gate runs alone', async () => {
  const { log } = await ran([compile, eunit, ct, bench])
  expect(log).toBe('+compile -compile +ct +eunit -ct -eunit +bench -bench')
})

test('gates that need a failed gate are skipped', async () => {
  const late = make('late', { needs: [coverage] })
  const { log, results } = await ran([compile, eunit, ct, coverage, late], 2, ['eunit'])
  expect(log).toBe('+compile -compile +ct +eunit -ct -eunit')
  expect(results).toEqual(['passed', 'failed', 'passed', 'blocked by eunit', 'blocked by coverage'])
})

test('an error of the runner is thrown', async () => {
  const fails = schedule([compile], {
    parallel: 1,
    hasPassed: () => true,
    run: () => Promise.reject(new Error('no engine')),
  })
  await expect(fails).rejects.toThrow('no engine')
})
