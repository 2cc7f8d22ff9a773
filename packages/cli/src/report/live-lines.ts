import { stripVTControlCharacters } from 'node:util'
import { printable } from '@erlmcp/core'

/** A stream that may be a terminal. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Shows the progress of tasks that run at the same time. */
export interface LiveLines {
  /** Prints a line above the tasks, such as the image that is being built. */
  print(text: string): void
  begin(name: string): void
  /** Records the output of a task; a terminal shows its last line. */
  update(name: string, text: string): void
  end(name: string, line: string): void
  close(): void
}

/**
 * Plain lines in a log, as in CI; on a terminal one line for each running task, with its seconds
 * and the last line of its output, redrawn in place.
 */
export function liveLines(screen: Screen, now: () => number = Date.now): LiveLines {
  return screen.isTTY ? live(screen, now) : plain(screen, now)
}

/** Seconds between the lines about running tasks in a log. */
const interval = 30

function plain(screen: Screen, now: () => number): LiveLines {
  const rows = new Map<string, Row>()
  const timer = setInterval(() => {
    for (const [name, { since, lastLine }] of rows) {
      const seconds = Math.floor((now() - since) / 1000)
      // GitHub Actions executes `##[` anywhere in a line.
      const last = lastLine.replaceAll('##[', '## [')
      screen.write(`${name}: still running after ${seconds} s${last && `: ${last}`}\n`)
    }
  }, interval * 1000)
  timer.unref()
  return {
    print: (text) => void screen.write(`${printable(text)}\n`),
    begin(name) {
      rows.set(name, { since: now(), lastLine: '' })
      screen.write(`${name}: started\n`)
    },
    update: (name, text) => record(rows.get(name), text),
    end(name, line) {
      rows.delete(name)
      screen.write(`${name}: ${printable(line)}\n`)
    },
    close: () => clearInterval(timer),
  }
}

interface Row {
  readonly since: number
  lastLine: string
}

/** Keeps the last line of the output. */
function record(row: Row | undefined, text: string): void {
  const line = stripVTControlCharacters(text).trimEnd().split('\n').at(-1)
  if (row && line) row.lastLine = printable(line).replaceAll('\t', ' ').slice(0, 200)
}

const up = (lines: number) => (lines > 0 ? `\x1b[${lines}A` : '')
const clearBelow = '\x1b[0J'

function live(screen: Screen, now: () => number): LiveLines {
  const rows = new Map<string, Row>()
  let drawn = 0
  const draw = (above = ''): void => {
    const width = Math.max(20, screen.columns ?? 80)
    const name = Math.max(0, ...[...rows.keys()].map((one) => one.length))
    const lines = [...rows].map(([key, { since, lastLine }]) => {
      const seconds = `${Math.floor((now() - since) / 1000)} s`.padStart(6)
      return `  ${key.padEnd(name)} ${seconds}  ${lastLine}`.slice(0, width - 1)
    })
    const text = lines.map((line) => `${line}\n`).join('')
    screen.write(`\r${up(drawn)}${clearBelow}${above}${text}`)
    drawn = lines.length
  }
  const timer = setInterval(draw, 200)
  timer.unref()
  return {
    print: (text) => draw(`${printable(text)}\n`),
    begin(name) {
      rows.set(name, { since: now(), lastLine: '' })
      draw()
    },
    update: (name, text) => record(rows.get(name), text),
    end(name, line) {
      rows.delete(name)
      draw(`${name}: ${printable(line)}\n`)
    },
    close() {
      clearInterval(timer)
      draw()
    },
  }
}
