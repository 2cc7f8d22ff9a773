import { expect, test } from 'vitest'
import { readPorts } from './ports.ts'

const all = '0.0.0.0'

test.each([
  ['8080', { address: all, published: undefined, target: [8080, 8080] }],
  ['8080:80', { address: all, published: [8080, 8080], target: [80, 80] }],
  ['127.0.0.1:8080:80/udp', { address: '127.0.0.1', published: [8080, 8080], protocol: 'udp' }],
  ['[::1]:8080:80', { address: '::1', published: [8080, 8080], target: [80, 80] }],
  ['8000-8010:9000-9010', { published: [8000, 8010], target: [9000, 9010] }],
  ['127.0.0.1::80', { address: '127.0.0.1', published: undefined, target: [80, 80] }],
  ['${PORT:-9100}:9100', { published: [9100, 9100], target: [9100, 9100] }],
  ['${ADDRESS}:8080:80', { address: undefined, published: [8080, 8080] }],
  ['127.0.0.1:${PORT}:80', { address: '127.0.0.1', published: undefined, target: [80, 80] }],
])('short form %s', (text, meant) => {
  expect(readPorts([text])[0]).toMatchObject(meant)
})

test('the long form means the same', () => {
  const [port] = readPorts([{ target: 80, published: '${PORT:-8080}', host_ip: '127.0.0.1' }])
  expect(port).toEqual(readPorts(['127.0.0.1:8080:80'])[0])
})
