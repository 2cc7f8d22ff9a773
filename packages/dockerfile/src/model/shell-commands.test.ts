import { expect, test } from 'vitest'
import { commandsOf, programOf } from './shell-commands.ts'

const words = (text: string) => commandsOf(text).map((command) => command.words)

test('operators and line breaks end a command', () => {
  expect(commandsOf('a b && c || d | e; f\ng &')).toEqual([
    { words: ['a', 'b'], next: '&&' },
    { words: ['c'], next: '||' },
    { words: ['d'], next: '|' },
    { words: ['e'], next: ';' },
    { words: ['f'], next: ';' },
    { words: ['g'], next: ';' },
  ])
})

test('quotes, escapes and continuations are understood', () => {
  expect(words(`echo 'a | b' "c && \\"d\\"" e\\;f \\\n  g`)).toEqual([
    ['echo', 'a | b', 'c && "d"', 'e;f', 'g'],
  ])
  expect(words('x="$(a | b)" y')).toEqual([['x=$(a | b)', 'y']])
})

test('comments are left out', () => {
  expect(words('a # b | c\nd#e # f')).toEqual([['a'], ['d#e']])
})

test('the program follows assignments and words such as sudo', () => {
  expect(commandsOf('DEBIAN_FRONTEND=noninteractive sudo apt-get update').map(programOf)).toEqual([
    ['apt-get', 'update'],
  ])
  expect(commandsOf('if ! grep -q x f; then apk add y; fi').map(programOf)).toEqual([
    ['grep', '-q', 'x', 'f'],
    ['apk', 'add', 'y'],
    ['fi'],
  ])
})

test('the exec form is one command, and a script of another language has no commands', () => {
  expect(commandsOf(['a', '&&', 'b'])).toEqual([{ words: ['a', '&&', 'b'], next: '' }])
  expect(commandsOf('#!/usr/bin/perl\nprint 1;')).toEqual([])
})
