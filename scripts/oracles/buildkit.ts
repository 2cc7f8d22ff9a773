// Extracts what BuildKit's parser and its reference know of the Dockerfile language:
// `npx tsx scripts/oracles/buildkit.ts <git directory of moby/buildkit> [revision]`
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const [repository, revision = 'HEAD'] = process.argv.slice(2)
if (repository === undefined) throw new Error('expected the git directory of moby/buildkit')

const git = (...args: string[]) =>
  execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 1e8 })
const file = (path: string) => git('show', `${revision}:frontend/dockerfile/${path}`)
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, one]) => one!)

const parser = file('instructions/parse.go')
const runMount = file('instructions/commands_runmount.go')
// Without code, whose comments look like headings.
const reference = file('docs/reference.md').replace(/^```[\s\S]*?^```/gm, '')

/** Flags by the function of the parser that declares them. */
function flags(): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const [, name, body] of parser.matchAll(
    /^func parse(\w+)\(req [\s\S]*?\{\n([\s\S]*?)^\}/gm,
  )) {
    const own = all(body!, /flags\.Add\w+\("([\w-]+)"/g)
    if (own.length > 0) found[name!.toUpperCase()] = own
  }
  // Those of RUN are declared by hooks.
  found.RUN = ['mount', 'network', 'security', 'device'].filter((name) =>
    file(`instructions/commands_run${name}.go`).includes(`("${name}"`),
  )
  return found
}

/** The rows of the first table below a heading, by the name in their first cell. */
function rows(heading: string): { names: string[]; cells: string[] }[] {
  const section = reference.split(/^#+ /m).find((one) => one.startsWith(`${heading}\n`)) ?? ''
  return section
    .split('\n')
    .filter((line) => /^\| \[?`/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map((cells) => ({ names: all(cells[1]!, /`(?:--)?([\w-]+)`/g), cells }))
}

const since = Object.fromEntries(
  ['ADD', 'COPY', 'RUN'].map((keyword) => [
    keyword,
    Object.fromEntries(rows(keyword).map(({ names, cells }) => [names[0], cells[2]])),
  ]),
)
const mountTypes = all(runMount, /MountType\w+\s+MountType = "(\w+)"/g)

const facts = {
  source: `github.com/moby/buildkit ${git('rev-parse', revision).trim()}`,
  instructions: all(file('command/command.go'), /^\t\w+\s+= "(\w+)"$/gm)
    .map((name) => name.toUpperCase())
    .sort(),
  flags: flags(),
  since,
  mounts: Object.fromEntries(
    mountTypes.map((type) => [type, rows(`RUN --mount=type=${type}`).map(({ names }) => names)]),
  ),
  mountKeys: all(/allKeys := \[\]string\{([\s\S]*?)\}/.exec(runMount)![1]!, /"([\w-]+)"/g),
  sharing: all(runMount, /MountSharing\w+\s+ShareMode = "(\w+)"/g),
  network: all(
    file('instructions/commands_runnetwork.go'),
    /Network\w+ +(?:NetworkMode )?= "(\w+)"/g,
  ),
  security: all(file('instructions/commands_runsecurity.go'), /Security\w+ += "(\w+)"/g),
  checks: all(file('linter/ruleset.go'), /Name:\s+"(\w+)"/g).sort(),
}
const target = new URL('../../packages/dockerfile/fixtures/buildkit.json', import.meta.url)
writeFileSync(target, `${JSON.stringify(facts, null, 2)}\n`)
