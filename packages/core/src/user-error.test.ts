import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { UserError } from './index.ts'

test('an uncaught error prints its message once, without a stack trace', () => {
  const location = { file: '.projenrc.ts', line: 3, column: 5 }
  const error = new UserError({ message: 'it is wrong', hint: 'Fix it.', location })
  const shown = inspect(error)
  expect(shown).toBe('[UserError: .projenrc.ts:3:5: it is wrong\n  Fix it.]')
  expect(error).toMatchObject({ summary: 'it is wrong', hint: 'Fix it.', location, kind: 'input' })
})
