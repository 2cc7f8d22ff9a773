import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { BackupKey } from '../key/read-key.ts'
import { seal, unseal } from './encryption.ts'

const keyOf = (passphrase: string): BackupKey => ({ file: 'secrets/backup-key', passphrase })
const key = keyOf(randomBytes(32).toString('hex'))
const sealed = async (chunks: readonly Uint8Array[]) =>
  buffer(await seal(Readable.from(chunks.map((one) => Buffer.from(one))), key))
const unsealed = async (content: Buffer, by = key) =>
  buffer(await unseal(Readable.from([content]), by))

// So that it is of three chunks, the last of which is short.
const plain = randomBytes(2 * 64 * 1024 + 100)
let whole: Buffer
beforeAll(async () => {
  whole = await sealed([plain])
})
const place = () => fc.oneof(fc.nat(whole.length - 1), fc.nat(300), nearChunk())
/** Where one chunk ends and the next begins: the header is what is not content. */
const nearChunk = () =>
  fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: -20, max: 20 }))
    .map(([chunk, by]) => whole.length - (100 + 16) - chunk * (64 * 1024 + 16) + by)

describe('what is sealed', () => {
  test('is unsealed the same, whatever its bytes and however they come', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(chunks, async (all) => {
        expect(await unsealed(await sealed(all))).toEqual(Buffer.concat(all))
      }),
      { numRuns: rounds(50) },
    )
    expect((await unsealed(whole)).equals(plain)).toBe(true)
  })

  test.each([0, 1, 65_535, 65_536, 65_537, 131_072])('also %i bytes', async (size) => {
    const content = randomBytes(size)
    expect((await unsealed(await sealed([content]))).equals(content)).toBe(true)
  })

  test('shows nothing of it, and is never the same twice', async () => {
    const text = Buffer.from('a secret of the shop'.repeat(100))
    const [one, other] = [await sealed([text]), await sealed([text])]
    expect(one.includes('secret')).toBe(false)
    expect(one.equals(other)).toBe(false)
  })
})

describe('nothing comes out to its end that', () => {
  const refusal = async (content: Buffer, by?: BackupKey) => {
    await expect(unsealed(content, by)).rejects.toBeInstanceOf(Error)
  }

  test('has another bit anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(place(), fc.nat(7), async (at, bit) => {
        const bad = Buffer.from(whole)
        bad[at]! ^= 1 << bit
        await refusal(bad)
      }),
      { numRuns: rounds(200) },
    )
  })

  test('is cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(place(), (at) => refusal(whole.subarray(0, at))),
      { numRuns: rounds(200) },
    )
  })

  test('lacks a byte anywhere, or has one more', async () => {
    await fc.assert(
      fc.asyncProperty(place(), fc.boolean(), (at, more) => {
        const rest = whole.subarray(more ? at : at + 1)
        return refusal(
          Buffer.concat([whole.subarray(0, at), ...(more ? [randomBytes(1)] : []), rest]),
        )
      }),
      { numRuns: rounds(200) },
    )
    await refusal(Buffer.concat([whole, Buffer.from([0])]))
  })

  test('another key opens', async () => {
    await refusal(whole, keyOf(randomBytes(32).toString('hex')))
    await refusal(whole, keyOf(`${key.passphrase} `))
  })

  test('was never sealed', async () => {
    await refusal(plain)
    await refusal(Buffer.from(''))
  })
})
