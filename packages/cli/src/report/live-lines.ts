import { stripVTControlCharacters } from 'node:util'
import { printable } from './printable.ts'

/** A stream that may be a terminal. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Shows work that goes on at the same time. */
export interface Progress {
  /** A line above the rest, such as what is being built. */
  tell(text: string): void
  begin(name: string): void
  /** What it printed; a terminal shows the last line of it. */
  say(name: string, text: string): void
  end(name: string, line: string): void
  close(): void
}

/**
 * Plain lines where nobody looks on, as in CI; in a terminal a line for each that runs, with its
 * seconds and its last words, redrawn in place.
 */
export function progressOn(screen: Screen, now: () => number = Date.now): Progress {
  return screen.isTTY ? live(screen, now) : plain(screen, now)
}

/** Seconds without a line, after which a log says that something still runs. */
const silence = 30

function plain(screen: Screen, now: () => number): Progress {
  const rows = new Map<string, Row>()
  const timer = setInterval(() => {
    for (const [name, { since, words }] of rows) {
      const seconds = Math.floor((now() - since) / 1000)
      // The log of a GitHub job obeys this wherever it stands.
      const last = words.replaceAll('##[', '## [')
      screen.write(`${name}: still running after ${seconds} s${last && `: ${last}`}\n`)
    }
  }, silence * 1000)
  timer.unref()
  return {
    tell: (text) => void screen.write(`${printable(text)}\n`),
    begin(name) {
      rows.set(name, { since: now(), words: '' })
      screen.write(`${name}: started\n`)
    },
    say: (name, text) => remember(rows.get(name), text),
    end(name, line) {
      rows.delete(name)
      screen.write(`${name}: ${printable(line)}\n`)
    },
    close: () => clearInterval(timer),
  }
}

interface Row {
  readonly since: number
  words: string
}

/** The last line that it printed. */
function remember(row: Row | undefined, text: string): void {
  const line = stripVTControlCharacters(text).trimEnd().split('\n').at(-1)
  if (row && line) row.words = printable(line).replaceAll('\t', ' ').slice(0, 200)
}

const up = (lines: number) => (lines > 0 ? `\x1b[${lines}A` : '')
const clearBelow = '\x1b[0J'

function live(screen: Screen, now: () => number): Progress {
  const rows = new Map<string, Row>()
  let drawn = 0
  const draw = (above = ''): void => {
    const width = Math.max(20, screen.columns ?? 80)
    const name = Math.max(0, ...[...rows.keys()].map((one) => one.length))
    const lines = [...rows].map(([key, { since, words }]) => {
      const seconds = `${Math.floor((now() - since) / 1000)} s`.padStart(6)
      return `  ${key.padEnd(name)} ${seconds}  ${words}`.slice(0, width - 1)
    })
    const text = lines.map((line) => `${line}\n`).join('')
    screen.write(`\r${up(drawn)}${clearBelow}${above}${text}`)
    drawn = lines.length
  }
  const timer = setInterval(draw, 200)
  timer.unref()
  return {
    tell: (text) => draw(`${printable(text)}\n`),
    begin(name) {
      rows.set(name, { since: now(), words: '' })
      draw()
    },
    say: (name, text) => remember(rows.get(name), text),
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
