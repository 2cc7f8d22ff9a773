import { expect, test, vi } from 'vitest'
import { liveLines } from './live-lines.ts'

const esc = '\x1b'

function screen(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, columns: 40, write: (text: string) => written.push(text), written }
}

test('a log has plain lines', () => {
  const out = screen(false)
  const progress = liveLines(out)
  progress.print('building app:1.0.0-tools')
  progress.begin('eunit')
  progress.update('eunit', 'a lot\nof words\n')
  progress.end('eunit', 'green, 2.1 s')
  progress.close()
  expect(out.written.join('')).toBe(
    'building app:1.0.0-tools\neunit: started\neunit: green, 2.1 s\n',
  )
})

test('a log lists the running tasks every 30 seconds', () => {
  vi.useFakeTimers()
  const out = screen(false)
  const progress = liveLines(out)
  progress.begin('dialyzer')
  progress.update('dialyzer', '===> Adding 432 files to _build/default/plt ##[stop]\n')
  vi.advanceTimersByTime(60_000)
  progress.end('dialyzer', 'green, 61.0 s')
  vi.advanceTimersByTime(60_000)
  progress.close()
  vi.useRealTimers()
  const last = '===> Adding 432 files to _build/default/plt ## [stop]'
  expect(out.written.join('')).toBe(
    `dialyzer: started
dialyzer: still running after 30 s: ${last}
dialyzer: still running after 60 s: ${last}
dialyzer: green, 61.0 s
`,
  )
})

test('a terminal has a line for each running task, with the last line of its output', () => {
  const out = screen(true)
  let time = 0
  const progress = liveLines(out, () => time)
  progress.begin('ct')
  progress.begin('eunit')
  time = 12_000
  progress.update(
    'ct',
    'first\n\x1b[31mRunning\x1b[0m a suite whose name is far too long for this\n',
  )
  progress.end('eunit', 'red')
  expect(out.written.at(-1)).toBe(
    '\r\x1b[2A\x1b[0Jeunit: red\n  ct   12 s  Running a suite whose name\n',
  )
  progress.close()
})

test('output of a task cannot move the cursor', () => {
  const out = screen(true)
  const progress = liveLines(out, () => 0)
  progress.begin('ct')
  progress.update('ct', 'a\x07b\x1b]0;title\x07c\x9b2Jd')
  progress.end('other', 'x\x1b[2Jy')
  progress.close()
  const own = [`${esc}[0J`, `${esc}[1A`]
  const foreign = own.reduce((text, one) => text.replaceAll(one, ''), out.written.join(''))
  expect(foreign.match(/\p{Cc}/gu)?.filter((char) => !'\r\n'.includes(char)) ?? []).toEqual([])
})
