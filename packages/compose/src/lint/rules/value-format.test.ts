import { check, type Document } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import type { ComposeFile, Service } from '../../document.ts'
import { swarm } from '../../model/dialect.ts'
import { valueFormat } from './value-format.ts'

const format = { name: 'compose', rules: [valueFormat], print: () => '' }

function messages(service: Service, dialect: 'compose' | 'swarm' = 'compose'): string[] {
  const file: ComposeFile = { services: { app: { image: 'app:1', ...service } } }
  const data = dialect === 'swarm' ? swarm(file) : file
  const document: Document<ComposeFile> = { path: 'compose.yaml', format, data }
  return check(document as Document).map(({ message }) => message)
}

describe('what Compose reads is nothing to say', () => {
  test.each(['0s', '1ms', '1.5h', '1h1h', '.5s', '1d', '-1s', '${GRACE:-10s}', '${GRACE}'])(
    'the duration %s',
    (stop_grace_period) => expect(messages({ stop_grace_period })).toEqual([]),
  )
  test.each([0, '512M', '1.5g', '512MiB', '1 m', '1e3m', '5p', '${MEMORY:-512M}', '${MEMORY}'])(
    'the size %s',
    (mem_limit) => expect(messages({ mem_limit })).toEqual([]),
  )
  test.each(['no', 'always', 'unless-stopped', 'on-failure', 'on-failure:5'])(
    'the policy %s',
    (restart) => expect(messages({ restart })).toEqual([]),
  )
  test('-1 for no limit', () => {
    expect(messages({ pids_limit: -1, memswap_limit: -1 })).toEqual([])
  })
})

describe('an invalid value is reported with its path', () => {
  test.each(['10', '10 seconds', '1e3s', ' 10s', '0x10s', '', 'Infinitys', '99999999999h'])(
    'the duration %j',
    (stop_grace_period) => {
      const message = `stop_grace_period of app: expected a duration, got ${JSON.stringify(stop_grace_period)}`
      expect(messages({ stop_grace_period })).toEqual([message])
    },
  )
  test.each(['512 megs', '-1m', -1, '0x10m', ' 5m', '1,5m', '99999999999999g'])(
    'the size %j',
    (mem_limit) => expect(messages({ mem_limit })).toHaveLength(1),
  )
  test.each(['nonsense', 'on-failure:-1', 'on-failure:x'])('the policy %j', (restart) => {
    expect(messages({ restart })).toHaveLength(1)
  })
  test('deep in a service, also as a default', () => {
    const found = messages({
      healthcheck: { test: 'x', interval: '${EVERY:-10}', retries: -1 },
      deploy: {
        resources: { limits: { cpus: '1,5', pids: 1.5 }, reservations: { memory: '1 gig' } },
        update_config: { delay: '5' },
        restart_policy: { window: '-1s' },
      },
    })
    expect(found.map((one) => one.replace(/ of app.*/, ''))).toEqual([
      'healthcheck.interval',
      'healthcheck.retries',
      'deploy.resources.limits.cpus',
      'deploy.resources.limits.pids',
      'deploy.resources.reservations.memory',
      'deploy.update_config.delay',
      'deploy.restart_policy.window',
    ])
  })
  test('days, which a stack file does not have', () => {
    expect(messages({ stop_grace_period: '1d' }, 'swarm')).toHaveLength(1)
  })
})
