import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { type Header, pack } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { discard } from './part.ts'
import { tarTap } from './tar-facts.ts'

type Entry = Partial<Header> & { readonly name: string; readonly content?: string }

/** An archive as tar makes it of a folder. */
function archive(...entries: readonly Entry[]): Promise<Buffer> {
  const packing = pack()
  for (const { content = '', ...header } of entries) {
    packing.entry({ mtime: new Date(0), ...header } as Header, content)
  }
  packing.finalize()
  return buffer(packing as unknown as NodeJS.ReadableStream)
}

async function factsOf(content: Buffer, chunk = content.length) {
  const chunks: Buffer[] = []
  for (let at = 0; at < content.length; at += chunk) chunks.push(content.subarray(at, at + chunk))
  const { tap, facts } = tarTap()
  const out: Buffer[] = []
  tap.on('data', (one: Buffer) => out.push(one))
  await pipeline(Readable.from(chunks), tap, discard())
  expect(Buffer.concat(out).equals(content)).toBe(true)
  return facts()
}

const folder: Entry = { name: './', type: 'directory', mode: 0o750 }
const some: readonly Entry[] = [
  folder,
  { name: './a', content: 'one', mode: 0o600, uid: 1000, gid: 1000 },
  { name: './b/', type: 'directory' },
  { name: './b/a..b', content: 'three' },
  { name: './b/link', type: 'symlink', linkname: '../../etc/passwd' },
  { name: './hard', type: 'link', linkname: './a' },
]

describe('an archive on its way', () => {
  test('is passed on unchanged and told of, however it comes', async () => {
    const content = await archive(...some)
    const facts = await factsOf(content)
    expect(facts).toMatchObject({ entries: 6, bytes: 8 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (chunk) => {
        expect(await factsOf(content, chunk)).toEqual(facts)
      }),
      { numRuns: rounds(30) },
    )
  })

  test('may be of nothing', async () => {
    const digest = createHash('sha256').digest('hex')
    expect(await factsOf(await archive())).toEqual({ entries: 0, bytes: 0, digest })
  })

  const [, file] = some as [Entry, Entry]
  test.each<[string, Entry]>([
    ['name', { ...file, name: './c' }],
    ['content', { ...file, content: 'two' }],
    ['owner', { ...file, uid: 1001 }],
    ['group', { ...file, gid: 0 }],
    ['mode', { ...file, mode: 0o4600 }],
    ['time', { ...file, mtime: new Date(1000) }],
    ['part of a second', { ...file, pax: { mtime: '0.5' } } as Entry],
    ['attribute', { ...file, pax: { 'SCHILY.xattr.user.note': 'x' } } as Entry],
    ['kind', { ...file, content: '', type: 'fifo' }],
  ])('has another digest with another %s', async (_, other) => {
    const { digest } = await factsOf(await archive(folder, other))
    expect(digest).not.toBe((await factsOf(await archive(folder, file))).digest)
  })

  test('the name of an owner, and the time of access, are the machine’s', async () => {
    const other = { ...file, uname: 'shop', pax: { atime: '7' } } as Entry
    expect(await factsOf(await archive(other))).toEqual(await factsOf(await archive(file)))
  })

  test.each(['no archive', 'half a header', 'cut'])('that is %s fails', async (damage) => {
    const whole = await archive(...some)
    const content = {
      'no archive': Buffer.alloc(2048, 'x'),
      'half a header': whole.subarray(0, 300),
      cut: whole.subarray(0, whole.length - 1024 - 100),
    }[damage]!
    await expect(factsOf(content)).rejects.toThrow(/data|tar/i)
  })
})

describe('nothing leads out of the folder', () => {
  const refusal = async (...entries: readonly Entry[]) => {
    const name = JSON.stringify(entries.at(-1)!.name)
    await expect(factsOf(await archive(folder, ...entries))).rejects.toThrow(
      `the entry ${name} is outside of its directory`,
    )
  }

  test('by any name', async () => {
    const step = fc.constantFrom('a', '.', '', '...', 'b c', 'a\nb')
    const path = fc.array(step, { maxLength: 4 }).map((steps) => `./${steps.join('/')}`)
    await fc.assert(
      fc.asyncProperty(path, path, async (before, after) => {
        await refusal({ name: `${before}/../${after}x` })
        await refusal({ name: `/${before}x` })
        await refusal({ name: `${before}x`, type: 'link', linkname: `${before}/..` })
        await refusal({ name: `${before}x`, type: 'link', linkname: '/etc/shadow' })
        await factsOf(await archive({ name: `${before}/${after}x` }))
      }),
      { numRuns: rounds(30) },
    )
  })

  test('nor through a link that came before, which tar writes through', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/etc', '..', '../../x', 'a'),
        fc.constantFrom('./a', 'a', './/a', 'a/'),
        fc.constantFrom('./a/x', 'a/x', 'a//b/x', './a/./x', './a/b/c/x'),
        async (linkname, name, inside) => {
          await refusal({ name, type: 'symlink', linkname }, { name: inside, content: 'x' })
        },
      ),
    )
  })

  test('a file beside a link, or with a name that begins like one, is in it', async () => {
    const link: Entry = { name: './a', type: 'symlink', linkname: '/etc' }
    const facts = factsOf(await archive(folder, link, { name: './ab/c' }, { name: './b/a' }))
    expect(await facts).toMatchObject({ entries: 4 })
  })
})
