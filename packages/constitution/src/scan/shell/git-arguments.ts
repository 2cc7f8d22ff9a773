/** What a git command line runs besides git. */
export interface GitCommands {
  /** Texts for a shell: one word, or several that git joins. */
  readonly texts: readonly {
    readonly index: number
    readonly count: number
    readonly value: string
  }[]
  /** Index of the first word of a command that git runs without a shell. */
  readonly command?: number
}

/** Settings whose value git hands to a shell. */
const shellSetting =
  /^(?:core\.(?:editor|pager|sshcommand|fsmonitor|askpass)|sequence\.editor|diff\.external|pager\..*|(?:filter|merge|diff|difftool|mergetool|gpg|trailer|credential|interactive|browser|man|remote|hook)\..*(?:clean|smudge|process|driver|command|textconv|cmd|program|helper|difffilter|command|uploadpack|receivepack))$/i

function settingText(key: string, value: string): string | undefined {
  if (/^(?:alias|credential)\./i.test(key))
    return value.startsWith('!') ? value.slice(1) : undefined
  return shellSetting.test(key) ? value : undefined
}

/** Parses the words after `git`. */
export function parseGitArguments(words: readonly string[]): GitCommands {
  const texts: GitCommands['texts'][number][] = []
  const add = (index: number, value: string | undefined, count = 1) => {
    if (value !== undefined) texts.push({ index, count, value })
  }
  let at = 0
  for (; at < words.length && words[at]!.startsWith('-'); at++) {
    if (words[at] === '-c') {
      const [, key = '', value = ''] = /^([^=]*)=([\s\S]*)$/.exec(words[at + 1] ?? '') ?? []
      add(at + 1, settingText(key, value))
    }
    if (/^(?:-[cC]|--(?:git-dir|work-tree|namespace))$/.test(words[at]!)) at++
  }
  const subcommand = words[at]
  const rest = words.slice(at + 1)
  const first = at + 1
  if (subcommand === 'bisect' && rest[0] === 'run') return { texts, command: first + 1 }
  if (subcommand === 'config') {
    const key = rest.findIndex((word) => /^[\w-]+\..+/.test(word))
    if (key >= 0) add(first + key + 1, settingText(rest[key]!, rest[key + 1] ?? ''))
  }
  if (subcommand === 'submodule') {
    const each = rest.indexOf('foreach')
    const from = rest.findIndex((word, index) => each >= 0 && index > each && !word.startsWith('-'))
    if (from >= 0) add(first + from, rest.slice(from).join(' '), rest.length - from)
  }
  const option = { rebase: /^(?:-\w*x|--exec)$/, difftool: /^(?:-x|--extcmd)$/ }[subcommand ?? '']
  const isFilter = (word: string) => subcommand === 'filter-branch' && /^--\w+-filter$/.test(word)
  for (const [index, word] of rest.entries()) {
    if (option?.test(word) || isFilter(word)) add(first + index + 1, rest[index + 1])
    const [, long, value] = /^(--[\w-]+)=([\s\S]*)$/.exec(word) ?? []
    if (long && option?.test(long)) add(first + index, value)
  }
  return { texts }
}
