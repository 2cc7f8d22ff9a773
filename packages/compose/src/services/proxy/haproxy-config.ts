import { type Document, type TextFile, textFile, UserError } from '@erlmcp/core'
import type { CertificatePair } from '../../values/authority.ts'
import { type Route, type Weights, weightsOf } from './route.ts'

/** A word, or the value of a variable. */
export type Word = string | { readonly variable: string }

/** A section of HAProxy's configuration: its first line, and those below it. */
export type Section = readonly [first: readonly Word[], ...lines: (readonly Word[])[]]

/**
 * The configuration language of HAProxy: one line for each statement, words with spaces between.
 *
 * @throws UserError for a word with a line break or a NUL, which no quoting can hold
 * @see https://docs.haproxy.org/3.0/configuration.html#2.2
 */
export function printHaproxy(sections: readonly Section[]): string {
  return sections
    .map(([first, ...lines]) => [printLine(first), ...lines.map((one) => `    ${printLine(one)}`)])
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

const printLine = (words: readonly Word[]): string => words.map(printWord).join(' ')

/** Plain where nothing in it means anything; else in strong quotes, which know no escape. */
function printWord(word: Word): string {
  if (typeof word !== 'string') return `"\${${word.variable}}"`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
  if (/[\u0000\r\n]/.test(word)) {
    throw new UserError({
      message: `${JSON.stringify(word)} has a line break, which HAProxy does not support`,
      hint: 'Remove the line break: a statement is one line.',
    })
  }
  if (/^[\w\-./:@=+,%*?&~!;()]+$/.test(word)) return word
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** The ports inside of the container that are on its loopback alone. */
export const pingPort = 8404
export const controlPort = 9999

/** Section of the servers. */
export const backend = 'route'

/** The variable with the weight of a server, which the file of weights sets before. */
export const variableOf = (at: number) => `WEIGHT_${at + 1}`

/** The lines that set the weights; `presetenv` keeps those that are set already. */
export function weightLines(keyword: 'setenv' | 'presetenv', { to }: Route, weights: Weights) {
  return to.map(({ service: { name } }, at) => [
    keyword,
    variableOf(at),
    String(weights[name] ?? 0),
  ])
}

/** `haproxy.cfg`. */
export function haproxyFile(
  route: Route,
  port: number,
  tls: CertificatePair | undefined,
): Document<TextFile> {
  const text = printHaproxy([
    [
      ['global'],
      ['log', 'stdout', 'format', 'raw', 'local0', 'info'],
      ['maxconn', '4096'],
      // Within the 30 s that a container has to stop.
      ['hard-stop-after', '25s'],
      ['stats', 'socket', `ipv4@127.0.0.1:${controlPort}`, 'level', 'admin'],
      ...(tls ? [['ssl-default-bind-options', 'ssl-min-ver', 'TLSv1.2']] : []),
      ...weightLines('presetenv', route, weightsOf(route)),
    ],
    ...(tls ? [certificates(tls)] : []),
    defaults,
    [
      ['resolvers', 'docker'],
      ['nameserver', 'engine', '127.0.0.11:53'],
      ['accepted_payload_size', '8192'],
      ['hold', 'valid', '1s'],
    ],
    [
      ['frontend', 'ping'],
      ['bind', `127.0.0.1:${pingPort}`],
      ['no', 'log'],
      ['monitor-uri', '/ping'],
    ],
    web(port, tls),
    servers(route),
  ])
  return textFile(`docker/${route.name}/haproxy.cfg`, text, { comment: '#' })
}

const defaults: Section = [
  ['defaults'],
  ['mode', 'http'],
  ['log', 'global'],
  ['option', 'redispatch'],
  ['timeout', 'connect', '5s'],
  ['timeout', 'check', '5s'],
  ['timeout', 'http-request', '10s'],
  ['timeout', 'http-keep-alive', '1m'],
  // Of a stream of events nothing may come for minutes.
  ['timeout', 'client', '5m'],
  ['timeout', 'server', '5m'],
]

function certificates({ certificate, key }: CertificatePair): Section {
  const file = (name: string) => `/run/secrets/${name}`
  return [
    ['crt-store', 'tls'],
    ['load', 'crt', file(certificate.name), 'key', file(key.name), 'alias', 'web'],
  ]
}

function web(port: number, tls: CertificatePair | undefined): Section {
  const secure = tls ? ['ssl', 'crt', '@tls/web', 'alpn', 'h2,http/1.1'] : []
  return [
    ['frontend', 'web'],
    ['bind', `:${port}`, ...secure],
    ['option', 'httplog'],
    // Errors alone.
    ['option', 'dontlog-normal'],
    // What a client says about itself is not to be believed.
    ['http-request', 'del-header', 'x-forwarded-', '-m', 'beg'],
    ['http-request', 'del-header', 'forwarded'],
    ['http-request', 'set-header', 'X-Forwarded-Proto', tls ? 'https' : 'http'],
    ['option', 'forwardfor'],
    ['default_backend', backend],
  ]
}

function servers({ to, port, ready }: Route): Section {
  return [
    ['backend', backend],
    ['balance', 'roundrobin'],
    ['option', 'httpchk'],
    [
      ...['http-check', 'send', 'meth', 'GET', 'uri', ready.path, 'ver', 'HTTP/1.1'],
      ...['hdr', 'Host', 'localhost'],
    ],
    ['http-check', 'expect', 'status', '200'],
    [
      ...['default-server', 'check', 'port', String(ready.port), 'inter', '2s', 'fastinter', '1s'],
      // A missing server must not prevent the start.
      ...['rise', '2', 'fall', '3', 'resolvers', 'docker', 'init-addr', 'libc,none'],
    ],
    ...to.map(({ service: { name } }, at) => [
      ...['server', name, `${name}:${port}`, 'weight'],
      { variable: variableOf(at) },
    ]),
  ]
}
