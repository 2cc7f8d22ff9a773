import { describe, expect, test } from 'vitest'
import { erlmcp, plain, put, read } from '../testing/project.ts'

describe('every kind of project and file', () => {
  const located = plain.replace("'shop'", "'Shop!'")

  test.each(['{}', '{"type":"module"}', '{"type":"commonjs"}'])(
    'a package.json that says %s',
    (manifest) => {
      put('package.json', manifest)
      put('stack.ts', plain)
      expect(erlmcp('synth')).toEqual({ code: 0, out: 'erlmcp: 1 file, 1 new\n', err: '' })
      put('stack.ts', located)
      expect(erlmcp('synth').err).toContain('stack.ts:3:16: stack name "Shop!"')
      put('stack.ts', "import './gone.ts'\nimport 'not-there-at-all'\n")
      expect(erlmcp('synth').err).toMatch(/imports .*gone\.ts, which does not exist/)
    },
  )

  test.each(['stack.mts', 'stack.cts', 'weird näme (1).ts', "qu'ote.mts"])('%s', (name) => {
    put(name, plain)
    expect(erlmcp('synth', name).code).toBe(0)
    expect(read('a.txt')).toContain(`Made by erlmcp from ${name}.`)
    put(name, located)
    expect(erlmcp('synth', name).err).toContain(`${name}:3:16: stack name`)
  })

  test.each(['stack.mjs', 'stack.js'])('%s is found by itself', (name) => {
    put(name, plain.replace(': string', ''))
    expect(erlmcp('synth').code).toBe(0)
  })

  test('stack.cjs', () => {
    put('stack.cjs', "const { stack } = require('@erlmcp/core')\nmodule.exports = stack('a', [])\n")
    const { code, out } = erlmcp('synth', 'stack.cjs')
    expect({ code, out }).toEqual({ code: 0, out: 'erlmcp: 0 files, nothing changed\n' })
  })

  test('a thousand files of one stack', () => {
    put(
      'stack.ts',
      plain
        .replace(
          "[textFile('a.txt',",
          'Array.from({ length: 1000 }, (_, n) => textFile(`d/${n}.txt`,',
        )
        .replace('})] }', '})) }'),
    )
    expect(erlmcp('synth').out).toBe('erlmcp: 1000 files, 1000 new\n')
    expect(erlmcp('check').code).toBe(0)
  })
})
