import canonicalize from 'canonicalize'
import {
  changeField,
  type Files,
  type Json,
  nameOf,
  one,
  parsed,
  type Random,
  receiptNames,
  rechain,
  renumber,
  sha256,
  write,
} from './chain-files.ts'

/** A change to the files. `anchor`: it is found with a key or a kept hash only. */
export interface Tampering {
  readonly name: string
  readonly anchor?: 'key' | 'head'
  apply(files: Files, pick: Random, foreign: Files): void
}

export const tamperings: readonly Tampering[] = [
  {
    name: 'a bit of any file flipped',
    apply: (files, pick) => {
      const name = one([...files.keys()], pick)
      const bytes = Buffer.from(files.get(name)!)
      const at = pick(bytes.length)
      bytes[at] = bytes[at]! ^ (1 << pick(8))
      files.set(name, bytes)
    },
  },
  {
    name: 'a byte inserted',
    apply: (files, pick) => {
      const name = one([...files.keys()], pick)
      const bytes = files.get(name)!
      const at = pick(bytes.length + 1)
      const byte = Buffer.from([32 + pick(95)])
      files.set(name, Buffer.concat([bytes.subarray(0, at), byte, bytes.subarray(at)]))
    },
  },
  {
    name: 'a file truncated',
    apply: (files, pick) => {
      const name = one([...files.keys()], pick)
      files.set(name, files.get(name)!.subarray(0, pick(files.get(name)!.length)))
    },
  },
  {
    name: 'the same values in another text',
    apply: (files, pick) => {
      const name = one([...files.keys()], pick)
      const value = parsed(files, name)
      const text = one(
        [
          JSON.stringify(value, null, 2),
          canonicalize(value)!,
          `${canonicalize(value)}\n\n`,
          `${canonicalize(value)!.replace(/}$/, ',"more":1}')}\n`,
          `${canonicalize(value)!.replace('"', '"\\u0072eceipt":1,"')}\n`,
        ],
        pick,
      )
      files.set(name, Buffer.from(text))
    },
  },
  {
    name: 'a field changed, in canonical form',
    apply: (files, pick) => changeField(files, one(receiptNames(files), pick), pick),
  },
  {
    name: 'a field changed, and later receipts chained again, without the head',
    apply: (files, pick) => {
      const name = one(receiptNames(files), pick)
      changeField(files, name, pick)
      rechain(files, Number.parseInt(name, 10), { withHead: false })
    },
  },
  {
    name: 'a field changed, and the whole chain rewritten',
    anchor: 'key',
    apply: (files, pick) => {
      const name = one(receiptNames(files), pick)
      const { receipt } = parsed(files, name) as { receipt: Json }
      write(files, name, { receipt: { ...receipt, verdict: 'passed', exit: 100 + pick(100) } })
      rechain(files, Number.parseInt(name, 10), { withHead: true })
    },
  },
  {
    name: 'a receipt removed',
    apply: (files, pick) => void files.delete(one(receiptNames(files), pick)),
  },
  {
    name: 'a receipt removed, and later ones renumbered',
    apply: (files, pick) => {
      files.delete(one(receiptNames(files), pick))
      renumber(files)
    },
  },
  {
    name: 'the newest receipts removed',
    apply: (files, pick) => {
      const names = receiptNames(files)
      for (const name of names.slice(names.length - 1 - pick(names.length))) files.delete(name)
    },
  },
  {
    name: 'the newest receipts removed, and the head adjusted',
    anchor: 'head',
    apply: (files, pick) => {
      const names = receiptNames(files)
      for (const name of names.slice(1 + pick(names.length - 1))) files.delete(name)
      rechain(files, names.length, { withHead: true })
    },
  },
  {
    name: 'two receipts swapped',
    apply: (files, pick) => {
      const names = receiptNames(files)
      const first = pick(names.length)
      const second = (first + 1 + pick(names.length - 1)) % names.length
      const [a, b] = [names[first]!, names[second]!]
      const content = files.get(a)!
      files.set(a, files.get(b)!)
      files.set(b, content)
    },
  },
  {
    name: 'two receipts swapped and renumbered',
    apply: (files, pick) => {
      const names = receiptNames(files)
      const at = pick(names.length - 1)
      const [a, b] = [names[at]!, names[at + 1]!]
      const [first, second] = [parsed(files, a), parsed(files, b)] as { receipt: Json }[]
      write(files, a, { ...second, receipt: { ...second!.receipt, sequence: at + 1 } })
      write(files, b, { ...first, receipt: { ...first!.receipt, sequence: at + 2 } })
    },
  },
  {
    name: 'a copy appended',
    apply: (files, pick) => {
      const names = receiptNames(files)
      files.set(nameOf(names.length + 1), files.get(one(names, pick))!)
    },
  },
  {
    name: 'a copy in the place of another',
    apply: (files, pick) => {
      const names = receiptNames(files)
      const at = pick(names.length)
      const from = (at + 1 + pick(names.length - 1)) % names.length
      files.set(names[at]!, files.get(names[from]!)!)
    },
  },
  {
    name: 'a receipt of another chain in the place of one',
    apply: (files, pick, foreign) => {
      const name = one(receiptNames(files), pick)
      files.set(name, foreign.get(name)!)
    },
  },
  {
    name: 'a receipt of another chain appended',
    apply: (files, pick, foreign) => {
      const names = receiptNames(files)
      files.set(nameOf(names.length + 1 + pick(3)), foreign.get(one(names, pick))!)
    },
  },
  {
    name: 'forged receipts appended',
    apply: (files, pick) => {
      const length = receiptNames(files).length
      const last = length + 1 + pick(3)
      for (let n = length + 1; n <= last; n++) {
        const { receipt } = parsed(files, nameOf(n - 1)) as { receipt: Json }
        const previous = sha256(files.get(nameOf(n - 1))!)
        write(files, nameOf(n), { receipt: { ...receipt, sequence: n, previous } })
      }
    },
  },
  {
    name: 'the whole chain of another project',
    anchor: 'head',
    apply: (files, _pick, foreign) => {
      files.clear()
      for (const [name, content] of foreign) files.set(name, content)
    },
  },
  {
    name: 'the head changed',
    apply: (files, pick) => {
      const { head, ...rest } = parsed(files, 'head.json') as { head: Json }
      const count = Number(head.count)
      const digit = (text: unknown) =>
        String(text).replace(/[0-9a-f]/, (c) => (c === '0' ? '1' : '0'))
      const changes: Json[] = [
        { count: count + 1 + pick(5) },
        { count: pick(count) },
        { hash: digit(head.hash) },
        { chain: digit(head.chain) },
        { version: 2 },
      ]
      write(files, 'head.json', { ...rest, head: { ...head, ...one(changes, pick) } })
    },
  },
  { name: 'the head removed', apply: (files) => void files.delete('head.json') },
  {
    name: 'the signature of another file',
    apply: (files, pick) => {
      const names = [...files.keys()]
      const at = pick(names.length)
      const from = names[(at + 1 + pick(names.length - 1)) % names.length]!
      const other = parsed(files, from).signature
      const content = parsed(files, names[at]!)
      // An unsigned chain gets an invalid one.
      const invalid = { algorithm: 'Ed25519', key: 'AA==', value: 'AA==' }
      write(files, names[at]!, { ...content, signature: other ?? invalid })
    },
  },
  {
    name: 'a signature removed',
    apply: (files, pick) => {
      const name = one([...files.keys()], pick)
      const { signature, ...content } = parsed(files, name)
      // An unsigned file is removed instead.
      if (signature) write(files, name, content)
      else files.delete(name)
    },
  },
  {
    name: 'a file that is not a receipt',
    apply: (files, pick) => void files.set(`${pick(1000)}.json`, Buffer.from('{}')),
  },
  { name: 'all files removed', apply: (files) => files.clear() },
]
