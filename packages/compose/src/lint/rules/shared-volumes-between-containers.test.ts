import { check, type Document } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { sharedVolumesBetweenContainers } from './shared-volumes-between-containers.ts'

test('many services that write one volume are one diagnostic', () => {
  const names = ['a', 'b', 'c', 'd']
  const writer = { image: 'app:1', volumes: ['data:/data'] }
  const data = { services: Object.fromEntries(names.map((name) => [name, writer])) }
  const format = { name: 'compose', rules: [sharedVolumesBetweenContainers], print: () => '' }
  expect(check({ path: 'compose.yaml', format, data } as Document)).toMatchObject([
    { message: 'a, b, c and d write data', path: ['services', 'b', 'volumes', 0] },
  ])
})
