import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describeReadme } from '@erlmcp/testkit'
import { expect, test } from 'vitest'
import { defaultTarget } from './index.ts'

const readme = resolve(import.meta.dirname, '../README.md')

describeReadme(readme)

test('the README names the default target', () => {
  const { compose, engine } = defaultTarget
  expect(readFileSync(readme, 'utf8')).toContain(`Compose ${compose} with engine ${engine}`)
})
