import { expect, test } from 'vitest'
import { parseAnswers, questions } from './probe.ts'

const asked = (name: string) => questions.find((one) => one.asked === name)!

test('an answer is a line, and what is not said is not there', () => {
  const answers = parseAnswers(
    "genuine {accepted,'tlsv1.3'}\n=ERROR REPORT====\nwrongcookie false\n",
  )
  expect([...answers]).toEqual([
    ['genuine', "{accepted,'tlsv1.3'}"],
    ['wrongcookie', 'false'],
  ])
})

test.each([
  ['foreign', '{refused,unknown_ca}', true],
  // It showed none, so nothing was asked of the authority.
  ['foreign', '{refused,certificate_required}', false],
  ['foreign', "{accepted,'tlsv1.3'}", false],
  ['foreign', '{error,timeout}', false],
  ['foreign', '{error,closed}', false],
  // The side of the untrusted peer gave up.
  ['nocert', '{error,{tls_alert,{handshake_failure,"generated CLIENT ALERT"}}}', false],
  ['old', "{accepted,'tlsv1.2'}", false],
  ['plain', '{ok,<<0,3,115,111,107>>}', false],
  ['plain', '{error,timeout}', false],
  ['wrongcookie', 'true', false],
  ['wrongcookie', 'ignored', false],
  ['rightcookie', 'false', false],
])('%s: %s is a good answer: %s', (question, answer, good) => {
  expect(asked(question).wanted.test(answer)).toBe(good)
})
