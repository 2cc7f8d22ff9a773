import {
  type ArrayValue,
  type Assignment,
  type Command,
  type Function as FunctionNode,
  forEachChild,
  type Redirection,
  type SyntaxNode,
  type Word,
} from 'unbash'
import { expandWord, outputOf, type ShellVariables, wordValue } from './expand-words.ts'
import type { Value, VariableValue } from './shell-word.ts'

/** The definitions and commands of a whole shell text. The order in which lines run is unknown. */
export interface Scope {
  /** All values that a variable may have, in the order of the text. */
  readonly values: ReadonlyMap<string, readonly VariableValue[]>
  readonly functions: ReadonlyMap<string, FunctionNode>
  readonly aliases: ReadonlyMap<string, Word>
  /** Programs by the other name that `ln -s`, `cp` or `hash -p` gives them. */
  readonly copies: ReadonlyMap<string, string>
  readonly commands: readonly CommandSite[]
  readonly assignments: readonly Assignment[]
}

/** A command and what surrounds it. */
export interface CommandSite {
  readonly node: Command
  /** The command that is piped into it; `tee` is skipped. */
  readonly piped?: SyntaxNode
  /** Redirections of the enclosing compound command. */
  readonly around: readonly Redirection[]
  /** Names of the enclosing functions. */
  readonly within: readonly string[]
}

/** The words of a command without assignments. */
export function wordNodes({ name, args }: Command): Word[] {
  return name ? [name, ...args.filter((one) => one.type === 'Word')] : []
}

/** The definitions and commands below a node. */
export function scopeOf(root: SyntaxNode, outer: Partial<Scope>, original: string): Scope {
  const values = new Map([...(outer.values ?? [])].map(([name, all]) => [name, [...all]]))
  const functions = new Map(outer.functions)
  const aliases = new Map(outer.aliases)
  const copies = new Map(outer.copies)
  const commands: CommandSite[] = []
  const assignments: Assignment[] = []
  const set = (name: string, value: VariableValue) => {
    values.set(name, [...(values.get(name) ?? []).slice(-15), value])
  }
  const context = { set, variables: () => lastValues(values), original }
  const visit = (node: SyntaxNode, at: Omit<CommandSite, 'node'>) => {
    if (node.type === 'Assignment') {
      assignments.push(node)
      assign(node, context)
    }
    if (node.type === 'Function') functions.set(node.name.value, node)
    if ((node.type === 'For' || node.type === 'Select') && node.wordlist) {
      for (const word of node.wordlist) {
        for (const one of expandWord(word, original, context.variables())) {
          set(node.name.value, [one])
        }
      }
    }
    if (node.type === 'Command') {
      commands.push({ node, ...at })
      define(node, { ...context, aliases, copies })
    }
    const inner: Omit<CommandSite, 'node'> =
      node.type === 'Redirected'
        ? { ...at, around: node.redirects }
        : node.type === 'Function'
          ? { ...at, within: [...at.within, node.name.value] }
          : at
    if (node.type !== 'Pipeline') return forEachChild(node, (child) => visit(child, inner))
    for (const [index, child] of node.commands.entries()) {
      const piped = pipedFrom(node.commands.slice(0, index))
      visit(child, piped ? { ...at, piped } : at)
    }
  }
  visit(root, { around: [], within: [] })
  return { values, functions, aliases, copies, commands, assignments }
}

/** The last value of every variable. */
export function lastValues(values: Scope['values']): ShellVariables {
  return new Map([...values].map(([name, all]) => [name, all.at(-1)!]))
}

interface Context {
  set(name: string, value: VariableValue): void
  variables(): ShellVariables
  readonly original: string
}

function pipedFrom(before: readonly SyntaxNode[]): SyntaxNode | undefined {
  const isTee = (node: SyntaxNode) => node.type === 'Command' && node.name?.value === 'tee'
  return before.filter((node) => !isTee(node)).at(-1)
}

function assign({ name, value, append, index }: Assignment, { set, variables, original }: Context) {
  const before = append ? (variables().get(name) ?? []) : []
  if (value.type === 'ArrayValue')
    return set(name, [...before, ...elements(value, variables(), original)])
  const one = wordValue(value, variables())
  if (index) return set(name, [...(variables().get(name) ?? []), one])
  const [old] = before
  set(name, [old ? { value: old.value + one.value, known: old.known && one.known } : one])
}

function elements(value: ArrayValue, variables: ShellVariables, original: string): VariableValue {
  // `[key]=value` of an associative array.
  return value.elements
    .flatMap((word) => expandWord(word, original, variables))
    .map((word) => ({ ...word, value: word.value.replace(/^\[[^\]]*\]=/, '') }))
}

/** Reads the builtins and programs that define names. */
function define(
  node: Command,
  to: Context & { readonly aliases: Map<string, Word>; readonly copies: Map<string, string> },
): void {
  const words = wordNodes(node)
  const values = words.map((word) => wordValue(word, to.variables()).value)
  const operands = values.slice(1).filter((value) => !value.startsWith('-'))
  switch (values[0]) {
    case 'alias':
      for (const arg of node.args) {
        if (arg.type === 'Assignment' && arg.value.type === 'Word')
          to.aliases.set(arg.name, arg.value)
        else if (arg.type === 'Word') addAlias(arg, to.aliases)
      }
      return
    case 'set': {
      const dashes = values.indexOf('--')
      const plain = values.findIndex((value, n) => n > 0 && !/^[-+]/.test(value))
      const isOption = /^[-+]o$/.test(values[plain - 1] ?? '')
      const start = dashes >= 0 ? dashes + 1 : isOption ? -1 : plain
      const from = start < 0 ? undefined : words.slice(start)
      if (!from) return
      const given = from.flatMap((word) => expandWord(word, to.original, to.variables()))
      to.set('@', given)
      for (const [n, one] of given.slice(0, 9).entries()) to.set(String(n + 1), [one])
      return
    }
    case 'printf': {
      const printed = values.slice(3).map((value) => ({ value, known: true }))
      const text = outputOf([{ value: 'printf', known: true }, ...printed])
      if (values[1] === '-v' && text) to.set(values[2] ?? '', [text])
      return
    }
    case 'hash':
      if (values[1] === '-p') to.copies.set(values[3] ?? '', values[2] ?? '')
      return
    case 'ln':
    case 'cp':
    case 'install':
    case 'mv': {
      const [from, as] = operands.slice(-2)
      if (from && as && operands.length > 1 && !as.endsWith('/')) to.copies.set(as, from)
    }
  }
}

/** `alias r="rebar3 as test"`, which the parser yields as one word. */
function addAlias(word: Word, aliases: Map<string, Word>): void {
  const [, name, rest = ''] = /^([\w.+-]+)=([\s\S]*)$/.exec(word.value) ?? []
  if (name) aliases.set(name, { ...word, value: rest, parts: undefined })
}

/** Values without offsets, for another text. */
export function withoutOffsets(words: readonly Value[]): VariableValue {
  return words.map(({ value, known }) => ({ value, known }))
}
