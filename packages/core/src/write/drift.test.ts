import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { artifact } from '../document/artifact.ts'
import { emptyFolder } from '../testing/tree.ts'
import { differences } from './drift.ts'
import { manifestPath } from './manifest.ts'
import { preview, write } from './write.ts'

const set = [artifact('Dockerfile', 'FROM a\n'), artifact('docker/bin/start', '#!/bin/sh\n', 0o755)]

describe('differences', () => {
  test('of a mode only the execute bit counts', async () => {
    const root = emptyFolder()
    await write(root, set)
    chmodSync(join(root, 'Dockerfile'), 0o664)
    expect(await differences(await preview(root, set))).toEqual([])
    chmodSync(join(root, 'docker/bin/start'), 0o644)
    expect(await differences(await preview(root, set))).toMatchObject([
      { path: 'docker/bin/start', kind: 'mode', message: 'is not executable' },
    ])
  })

  test('name what is missing, stale, out of date, and a manifest that lags behind', async () => {
    const root = emptyFolder()
    await write(root, set)
    const next = [artifact('Dockerfile', 'FROM b\n'), artifact('new', '1\n')]
    const found = await differences(await preview(root, next))
    expect(found.map(({ path, kind }) => [path, kind])).toEqual([
      ['Dockerfile', 'different'],
      ['docker/bin/start', 'stale'],
      ['new', 'missing'],
    ])
    rmSync(join(root, 'docker'), { recursive: true })
    expect(await differences(await preview(root, set.slice(0, 1)))).toMatchObject([
      { path: manifestPath, kind: 'manifest' },
    ])
  })

  test('of a binary file are reported without a diff', async () => {
    const root = emptyFolder()
    writeFileSync(join(root, 'Dockerfile'), Buffer.from([0xff, 0xfe, 0x00]))
    const [first] = await differences(await preview(root, set))
    expect(first).toMatchObject({ kind: 'foreign', diff: 'Dockerfile on the disk is not text\n' })
  })

  test('of a byte order mark alone are shown', async () => {
    const root = emptyFolder()
    await write(root, set)
    writeFileSync(join(root, 'Dockerfile'), '\ufeffFROM a\n')
    const [first] = await differences(await preview(root, set))
    expect(first?.diff).toContain('-\ufeffFROM a\n+FROM a\n')
  })
})
