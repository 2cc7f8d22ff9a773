import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { artifact } from '../document/artifact.ts'
import { emptyFolder } from '../testing/tree.ts'
import { manifestPath, parseManifest, printManifest } from './manifest.ts'
import { write } from './write.ts'

const set = [artifact('Dockerfile', 'FROM a\n'), artifact('docker/bin/start', '#!/bin/sh\n', 0o755)]

describe('the manifest', () => {
  test('is sorted, and reads back', async () => {
    const root = emptyFolder()
    await write(root, [...set].reverse())
    const text = readFileSync(join(root, manifestPath), 'utf8')
    expect(text).toMatchInlineSnapshot(`
      "{
        "version": 1,
        "sources": {
          "stack.ts": {
            "Dockerfile": { "sha256": "${set[0]!.sha256}", "mode": "0644" },
            "docker/bin/start": { "sha256": "${set[1]!.sha256}", "mode": "0755" }
          }
        }
      }
      "
    `)
    expect(printManifest(parseManifest(text))).toBe(text)
    expect(readFileSync(join(root, '.erlmcp/.gitignore'), 'utf8')).toContain('!manifest.json')
  })

  test.each([
    ['', 'it is not JSON'],
    ['[]', 'it is not JSON'],
    ['<<<<<<< HEAD\n{}', 'merge conflict markers'],
    ['{"version":2}', 'was written by a newer erlmcp'],
    ['{"version":0}', 'expected version 1, got 0'],
    ['{"version":1}', 'sources are missing'],
    ['{"version":1,"sources":[]}', 'sources are missing'],
    ['{"version":1,"sources":{"s":5}}', 'the list of s is damaged'],
    ['{"version":1,"sources":{"s":{"a":{}}}}', 'the entry of a is damaged'],
    [
      `{"version":1,"sources":{"s":{"../a":{"sha256":"${'0'.repeat(64)}","mode":"0644"}}}}`,
      'damaged',
    ],
  ])('%s is refused', async (text, why) => {
    const root = emptyFolder()
    mkdirSync(join(root, '.erlmcp'))
    writeFileSync(join(root, manifestPath), text)
    await expect(write(root, set)).rejects.toThrow(why)
  })
})
