import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUserError } from '@erlmcp/core'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { importPins, latestVersion, listTags, type Use, updatePins, usesIn } from '../files.ts'
import { type Lock, parseLock, printLock } from '../index.ts'
import { moveTag, repository } from '../testing/repository.ts'

const host = mkdtempSync(join(tmpdir(), 'erlmcp-actions-'))
afterAll(() => rmSync(host, { recursive: true }))
vi.stubEnv('GITHUB_SERVER_URL', `file://${host}`)

const tags = ['v1.2.3', 'v1.10.0', 'v2.0.0-rc.1', 'v1', 'other-3.0.0']
const none: Lock = new Map()
const sha = (digit: string) => digit.repeat(40)

describe('newest', () => {
  it('is the highest version that is neither a prerelease nor a moving tag', async () => {
    const commits = repository(join(host, 'acme/tool'), tags)
    expect(latestVersion(await listTags('acme/tool/path'))).toEqual({
      tag: 'v1.10.0',
      sha: commits.get('v1.10.0'),
    })
  })

  it('is the commit, also where the tag is an object of its own', async () => {
    const commits = repository(join(host, 'acme/annotated'), tags, true)
    expect(latestVersion(await listTags('acme/annotated'))?.sha).toBe(commits.get('v1.10.0'))
  })

  it('reports a missing network', async () => {
    const error = await listTags('acme/nowhere').catch((one: unknown) => one)
    expect(isUserError(error) && error.kind).toBe('environment')
    expect(String(error)).toContain('acme/nowhere: ')
  })
})

describe('updatePins', () => {
  it('takes the newest version of what is used', async () => {
    const commits = repository(join(host, 'acme/old'), tags)
    const from = { tag: 'v1.2.3', sha: commits.get('v1.2.3')! }
    const to = { tag: 'v1.10.0', sha: commits.get('v1.10.0')! }
    const { lock, changes } = await updatePins(
      [{ action: 'acme/old', file: 'a.yml', line: 1, ...from }],
      none,
    )
    expect(changes).toEqual([{ action: 'acme/old', from, to }])
    expect(lock.get('acme/old')).toEqual(to)
  })

  it('does not follow a tag that was moved', async () => {
    const commits = repository(join(host, 'acme/stolen'), ['v1.0.0', 'v1.1.0'])
    const use = {
      action: 'acme/stolen',
      file: 'a.yml',
      line: 1,
      tag: 'v1.0.0',
      sha: commits.get('v1.0.0')!,
    }
    moveTag(join(host, 'acme/stolen'), 'v1.0.0')
    const { lock, changes, moved } = await updatePins([use], none)
    expect({ changes, lock: [...lock] }).toEqual({ changes: [], lock: [] })
    expect(moved).toMatchObject([{ action: 'acme/stolen', tag: 'v1.0.0', from: use.sha }])
  })
})

describe('importPins', () => {
  const use = (digit: string, tag?: string): Use => ({
    action: 'acme/tool',
    sha: sha(digit),
    file: 'a.yml',
    line: 7,
    ...(tag !== undefined && { tag }),
  })

  it('takes what differs from what the stack makes', () => {
    const { lock } = importPins([use('a', 'v1.0.0')], [use('b', 'v2.0.0')], none)
    expect([...lock]).toEqual([['acme/tool', { tag: 'v2.0.0', sha: sha('b') }]])
    expect(importPins([use('a', 'v1')], [use('a', 'v1')], none).changes).toEqual([])
  })

  it.each([
    ['a commit without a version', [use('b')], 'Write it as a comment'],
    ['one action at two commits', [use('b', 'v2'), use('c', 'v3')], 'two commits of acme/tool'],
  ])('refuses %s', (_, rawExpression, words) => {
    expect(() => importPins([use('a', 'v1')], rawExpression, none)).toThrow(words)
    expect(() => importPins([use('a', 'v1')], rawExpression, none)).toThrow('a.yml:7:1: ')
  })
})

describe('usesIn', () => {
  it('sees what is used, not what a script says', () => {
    const text = [
      'jobs:',
      '  a:',
      `    uses: acme/all/.github/workflows/a.yml@${sha('c')} # v3.0.0`,
      '  b:',
      '    steps:',
      `      - uses: acme/tool@${sha('a')} # v1.2.3`,
      `      - uses: 'acme/quoted@${sha('b')}'`,
      '      - uses: acme/loose@v1',
      '      - run: |',
      `          uses: acme/script@${sha('d')} # v9.9.9`,
    ]
    expect(usesIn('a.yml', text.join('\n'))).toEqual([
      {
        action: 'acme/all/.github/workflows/a.yml',
        sha: sha('c'),
        tag: 'v3.0.0',
        file: 'a.yml',
        line: 3,
      },
      { action: 'acme/tool', sha: sha('a'), tag: 'v1.2.3', file: 'a.yml', line: 6 },
      { action: 'acme/quoted', sha: sha('b'), file: 'a.yml', line: 7 },
    ])
  })

  it('reports the line of invalid YAML', () => {
    expect(() => usesIn('a.yml', 'on: push\njobs: "a')).toThrow(/a\.yml:2:\d+: invalid YAML/)
  })
})

describe('the lock', () => {
  it('is read back as it was written, a line for each action', () => {
    const lock: Lock = new Map([
      ['b/b', { tag: 'v2.0.0', sha: sha('b') }],
      ['a/a/c', { tag: 'v1.0.0', sha: sha('a') }],
    ])
    const text = printLock(lock)
    expect(text.split('\n')).toHaveLength(5)
    expect(Object.fromEntries(parseLock(text))).toEqual(Object.fromEntries(lock))
  })

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['half an entry', '{"a/b":{"tag":"v1"}}'],
    ['a short commit', '{"a/b":{"tag":"v1","sha":"c0ffee"}}'],
    ['a tag that ends the comment', `{"a/b":{"tag":"v1\\n- run: evil","sha":"${sha('a')}"}}`],
  ])('refuses %s', (_, text) => {
    expect(() => parseLock(text)).toThrow(/\.github\/pins\.json: .*\n {2}\S/)
  })
})
