import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { listBackups } from './list-backups.ts'

function folderOf(names: readonly string[], files = ['manifest.json']): string {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-list-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of names) {
    mkdirSync(join(folder, name))
    for (const file of files) writeFileSync(join(folder, name, file), '12345')
  }
  return folder
}

test('a set shows its project, time, size, and whether it is encrypted', async () => {
  const folder = folderOf(
    ['shop-prod-20261127T041500Z'],
    ['manifest.json.age', 'manifest.json.sha256'],
  )
  expect(await listBackups(folder)).toEqual([
    {
      path: join(folder, 'shop-prod-20261127T041500Z'),
      project: 'shop-prod',
      taken: '2026-11-27T04:15:00Z',
      bytes: 10,
      encrypted: true,
    },
  ])
})

test('sets are listed from the oldest to the newest, of one moment by their project', async () => {
  const date = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  const project = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,8}$/)
  const when = fc.oneof(date, fc.constant(new Date('2026-11-27T04:15:00Z')))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(project, when), { maxLength: 8 }), async (all) => {
      const taken = all.map(([name, at]) => [at.toISOString().replace(/\.\d+/, ''), name] as const)
      const names = taken.map(([at, name]) => `${name}-${at.replaceAll(/[-:]/g, '')}`)
      const folder = folderOf([...new Set(names)])
      const readListed = await listBackups(folder)
      const wanted = [...new Set(taken.map(([at, name]) => `${at} ${name}`))].sort()
      expect(readListed.map((one) => `${one.taken} ${one.project}`)).toEqual(wanted)
      rmSync(folder, { recursive: true })
    }),
    { numRuns: rounds(50) },
  )
})

test('what is unfinished, or no set, is not among them', async () => {
  const folder = folderOf([
    '.shop-20261127T041500Z-0af3b1c2.unfinished',
    '.shop-20261127T041500Z',
    '-20261127T041500Z',
    'shop-20261127T041500',
    'shop-20261127T041500Z.old',
    'shop-2026-11-27T04:15:00Z',
    'shop\nshop-20261127T041500Z',
    'other',
  ])
  mkdirSync(join(folder, 'empty-20261127T041500Z'))
  writeFileSync(join(folder, 'file-20261127T041500Z'), '')
  writeFileSync(join(folder, '.gitignore'), '*\n')
  expect(await listBackups(folder)).toEqual([])
})

test.each([
  ['that is not there', 'ENOENT'],
  ['that is a file', 'ENOTDIR'],
])('a folder %s is reported', async (_, code) => {
  const folder = join(folderOf([]), 'x')
  if (code === 'ENOTDIR') writeFileSync(folder, '')
  await expect(listBackups(folder)).rejects.toMatchObject({
    summary: `cannot read ${folder}: ${code}`,
    hint: expect.stringContaining('--to'),
    kind: 'environment',
  })
})
