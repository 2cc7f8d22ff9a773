import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outputUntil } from './output.ts'

const mark = '\x1erun1\n'

/** What comes of bytes in pieces of such lengths. */
function through(bytes: Buffer, lengths: readonly number[]) {
  const kept: Buffer[] = []
  const output = outputUntil(mark, (chunk) => void kept.push(Buffer.from(chunk)))
  let at = 0
  for (const length of [...lengths, bytes.length]) {
    if (at < bytes.length) output.add(bytes.subarray(at, at + length))
    at += length
  }
  output.close()
  return { text: Buffer.concat(kept).toString('latin1'), whole: output.whole, bytes: output.bytes }
}

const parts = fc.array(fc.constantFrom('a', '\x1e', 'run1', '\n', '\x1erun2\n', 'é'), {
  maxLength: 12,
})
const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 })

test('whatever the pieces, all but the mark is handed on, and the mark is found', () => {
  fc.assert(
    fc.property(parts, parts, lengths, (before, after, cuts) => {
      const [first, second] = [before, after].map((one) => Buffer.from(one.join('')))
      fc.pre(!`${before.join('')}${after.join('')}`.includes(mark))
      const all = Buffer.concat([first!, Buffer.from(mark), second!])
      const { text, whole, bytes } = through(all, cuts)
      fc.pre(all.indexOf(mark) === first!.length)
      const rest = Buffer.concat([first!, second!])
      expect([text, whole, bytes]).toEqual([rest.toString('latin1'), true, rest.length])
    }),
  )
})

test('without the mark nothing is held back, and it is not whole', () => {
  fc.assert(
    fc.property(parts, lengths, (before, cuts) => {
      const all = Buffer.from(before.join(''))
      fc.pre(!all.includes(mark))
      expect(through(all, cuts)).toEqual({
        text: all.toString('latin1'),
        whole: false,
        bytes: all.length,
      })
    }),
  )
})
