import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ComposeFile, printCompose } from './index.ts'

const file: ComposeFile = {
  services: {
    app: {
      image: 'app:1.0',
      secrets: ['plain', { source: 'key', uid: '1000', mode: 0o400 }],
      configs: [{ source: 'motd', mode: 0o444 }],
      volumes: [
        'data:/data',
        { type: 'tmpfs', target: '/run', tmpfs: { size: '1M', mode: 0o1777 } },
        { type: 'tmpfs', target: '/mnt', tmpfs: { size: '1M' } },
      ],
    },
    other: { image: 'other:1.0', secrets: [{ source: 'key', mode: '${MODE:-0400}' }] },
  },
}

it('shows modes in octal beside the decimal number', () => {
  const text = printCompose(file)
  expect(text.match(/mode: .*/g)).toEqual([
    'mode: 256 # 0400',
    'mode: 292 # 0444',
    'mode: 1023 # 1777',
    'mode: ${MODE:-0400}',
  ])
  for (const version of ['1.1', '1.2'] as const) {
    expect(parse(text, { version })).toEqual(JSON.parse(JSON.stringify(file)))
  }
})

it('leaves the data as it is', () => {
  const before = JSON.stringify(file)
  printCompose(file)
  expect(JSON.stringify(file)).toBe(before)
})
