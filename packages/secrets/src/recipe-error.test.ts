import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAlternativeName } from './recipe-error.ts'
import { authority, leaf, problem, project, random } from './testing/secrets.ts'

describe('a recipe that nothing can be created from', () => {
  test.each([
    [{ kind: 'random', bytes: 8, encoding: 'hex' }, 'expected an integer from 16 to 1024'],
    [{ kind: 'random', bytes: 16.5, encoding: 'hex' }, 'expected an integer'],
    [{ ...authority('key').recipe, name: 'a,O=b' }, 'is not a common name'],
    [{ ...leaf('key').recipe, names: [] }, 'neither a DNS name'],
    [{ ...leaf('key').recipe, names: ['a b'] }, 'neither a DNS name nor an IP address'],
    [{ ...leaf('key').recipe, usages: [] }, 'neither server nor client'],
  ] as const)('%j', async (recipe, message) => {
    const secret = { path: 'secrets/a', recipe: recipe as never, readers: [] }
    expect(await problem(project(), [secret])).toMatchObject({
      message: expect.stringContaining(message),
    })
  })

  test('one path described in two ways', async () => {
    const other = { ...random('secrets/a'), recipe: { ...random('').recipe, bytes: 16 } as never }
    expect(await problem(project(), [random('secrets/a'), other])).toMatchObject({
      message: 'defined twice in the stack, with different recipes',
    })
  })

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('the reader %d', async (uid) => {
    expect(await problem(project(), [random('secrets/a', [uid])])).toMatchObject({
      message: `invalid reader ${uid}: expected a user id`,
    })
  })

  test('no name holds what could end it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(isAlternativeName(text) && !/^[\w.*:-]+$/.test(text)).toBe(false)
      }),
    )
  })
})
