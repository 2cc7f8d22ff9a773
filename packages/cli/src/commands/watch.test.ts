import { spawn } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { folder, main, plain, put, read, useProject } from '../testing/project.ts'

useProject()

test('synth --watch writes again after a change, and survives an error', async () => {
  put('stack.ts', plain)
  const child = spawn(process.execPath, [main, 'synth', '--watch'], { cwd: folder })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += data))
  const ended = new Promise((done) => child.once('exit', done))
  const shows = (text: string) =>
    vi.waitFor(() => expect(printed).toContain(text), { timeout: 30_000 })
  try {
    await shows('1 new')
    put('stack.ts', 'export default 1')
    await shows('expected a stack')
    put('stack.ts', plain.replace("'one'", "'two'"))
    await shows('1 changed')
    expect(read('a.txt')).toContain('two')
  } finally {
    child.kill('SIGINT')
  }
  expect(await ended).toBe(0)
})
