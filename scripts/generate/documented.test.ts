import { expect, test } from 'vitest'
import { generators } from './generators.ts'

/** The types that an author hovers over. */
const authored = /(?:author|options)\.gen\.ts$/

const files = generators.flatMap((generate) => generate()).filter(({ path }) => authored.test(path))

test('there are types of authors in three languages', () => {
  expect(files.map(({ path }) => path.split('/')[1]).sort()).toEqual([
    'compose',
    'dockerfile',
    'workflow',
  ])
})

test.each(files.map(({ path, text }) => [path, text]))(
  'every type and member of %s has a documentation',
  (_, text) => {
    const lines = text.split('\n')
    const bare = lines.filter((line, index) => {
      const isDeclaration = /^export |^ {2}readonly /.test(line)
      return isDeclaration && !lines[index - 1]?.trimEnd().endsWith('*/')
    })
    expect(bare).toEqual([])
  },
)
