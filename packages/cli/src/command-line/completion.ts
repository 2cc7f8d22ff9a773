/** What a shell completes of a command. */
export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly operands: 'file' | readonly string[]
  readonly options: readonly OptionWords[]
}

interface OptionWords {
  readonly name: string
  readonly summary: string
  readonly hasValue: boolean
  readonly completion?: 'file' | 'folder' | readonly string[]
}

/** The completion script of each shell. */
export const completionScripts: Readonly<
  Record<string, (commands: readonly CommandWords[]) => string>
> = { bash: bashScript, zsh: zshScript, fish: fishScript }

/** Words after `erlmcp`, and after each group of commands. */
function nextWords(commands: readonly CommandWords[]): Map<string, Map<string, string>> {
  const next = new Map<string, Map<string, string>>([['', new Map()]])
  for (const { name, summary } of commands) {
    const [first, second] = name.split(' ') as [string, string?]
    next.get('')!.set(first, second === undefined ? summary : `${first} commands`)
    if (second === undefined) continue
    next.set(first, (next.get(first) ?? new Map()).set(second, summary))
  }
  return next
}

function bashScript(commands: readonly CommandWords[]): string {
  const groups = [...nextWords(commands)].map(
    ([name, words]) => `    '${name}') words='${[...words.keys()].join(' ')}' ;;`,
  )
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ name: option, hasValue, completion }) => {
      if (!hasValue) return []
      return [`    '${name} --${option}') ${bashValue(completion)} ;;`]
    }),
  )
  const own = commands.map(({ name, operands, options }) => {
    const words = [...options.map((option) => `--${option.name}`), '--help']
    const operand = operands === 'file' ? ' files=1' : ''
    const all = [...words, ...(operands === 'file' ? [] : operands)]
    return `    '${name}') words='${all.join(' ')}'${operand} ;;`
  })
  return `# bash completion of erlmcp: source <(erlmcp completion bash)
_erlmcp() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local command='' words='' files='' index
  for ((index = 1; index < COMP_CWORD && index < 3; index++)); do
    [[ \${COMP_WORDS[index]} == -* ]] && break
    case "$command\${command:+ }\${COMP_WORDS[index]}" in
      ${[...new Set(commands.flatMap(({ name }) => [name, name.split(' ')[0]!]))].map((name) => `'${name}'`).join('|')})
        command+=\${command:+ }\${COMP_WORDS[index]} ;;
      *) break ;;
    esac
  done
  case "$command $prev" in
${values.join('\n')}
  esac
  case $command in
${groups.join('\n')}
${own.join('\n')}
  esac
  # shellcheck disable=SC2207
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  # shellcheck disable=SC2207
  [[ -z $files || $cur == -* ]] || COMPREPLY+=($(compgen -f -- "$cur"))
}
complete -o filenames -F _erlmcp erlmcp
`
}

function bashValue(completion: OptionWords['completion']): string {
  if (completion === undefined) return 'return'
  const source =
    completion === 'file' ? '-f' : completion === 'folder' ? '-d' : `-W '${completion.join(' ')}'`
  return `COMPREPLY=($(compgen ${source} -- "$cur")); return`
}

function zshScript(commands: readonly CommandWords[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`
  const described = (words: Map<string, string>) =>
    [...words]
      .map(([word, summary]) => `'${word}:'${quote(summary)}`)
      .map((one) => `      ${one}`)
      .join('\n')
  const groups = [...nextWords(commands)].map(
    ([name, words]) =>
      `    '${name}')\n      words=(\n${described(words)}\n      )\n      _describe command words ;;`,
  )
  const own = commands.map(({ name, operands, options }) => {
    const specs = options.map(({ name: option, summary, hasValue, completion }) => {
      const value = hasValue ? `:value:${zshValue(completion)}` : ''
      return `--${option}[${summary.replace(/[[\]:]/g, '\\$&')}]${value}`
    })
    const rest = operands === 'file' ? '*:file:_files' : `*:word:(${operands.join(' ')})`
    const all = [...specs, '--help[show the options]', rest].map(
      (one) => `        '${one.replaceAll("'", "'\\''")}'`,
    )
    return `    '${name}')\n      _arguments \\\n${all.join(' \\\n')} ;;`
  })
  const names = commands.map(({ name }) => `'${name}'`).join(' ')
  return `#compdef erlmcp
# zsh completion of erlmcp: erlmcp completion zsh > "\${fpath[1]}/_erlmcp"
_erlmcp() {
  local -a words names=(${names})
  local command=''
  if (( CURRENT > 2 )); then
    command=\${words[2]}
    if (( CURRENT > 3 )) && (( \${names[(Ie)$command \${words[3]}]} )); then
      command+=" \${words[3]}"
    fi
  fi
  case $command in
${own.join('\n')}
${groups.join('\n')}
  esac
}
compdef _erlmcp erlmcp
`
}

function zshValue(completion: OptionWords['completion']): string {
  if (completion === undefined) return ' '
  if (completion === 'file') return '_files'
  return completion === 'folder' ? '_files -/' : `(${completion.join(' ')})`
}

function fishScript(commands: readonly CommandWords[]): string {
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const words = [...nextWords(commands)].flatMap(([group, next]) => {
    const condition = group === '' ? '__fish_use_subcommand' : `__erlmcp_at ${group}`
    return [...next].map(
      ([word, summary]) =>
        `complete -c erlmcp -f -n ${quote(condition)} -a ${word} -d ${quote(summary)}`,
    )
  })
  const options = commands.flatMap(({ name, operands, options }) => {
    const condition = quote(`__erlmcp_in ${name}`)
    const values = options.map(({ name: option, summary, hasValue, completion }) => {
      const files =
        completion === 'file' || completion === 'folder' ? '-rF' : hasValue ? '-x' : '-f'
      const list = Array.isArray(completion) ? ` -a ${quote(completion.join(' '))}` : ''
      return `complete -c erlmcp -n ${condition} -l ${option} ${files}${list} -d ${quote(summary)}`
    })
    const operand = operands === 'file' ? '-F' : `-f -a ${quote(operands.join(' '))}`
    return [...values, `complete -c erlmcp -n ${condition} ${operand}`]
  })
  return `# fish completion of erlmcp: erlmcp completion fish | source
function __erlmcp_at
    set -l line (commandline -opc)
    test (count $line) -eq 2; and test $line[2] = $argv[1]
end
function __erlmcp_in
    set -l line (commandline -opc)
    set -l last (math (count $argv) + 1)
    test (count $line) -ge $last; and test "$line[2..$last]" = "$argv"
end
${[...words, ...options].join('\n')}
`
}
