import type { DiskFile } from '../document/artifact.ts'
import { headerStart } from '../print/header.ts'
import { stackFiles } from '../project/project-context.ts'

const stackNames: ReadonlySet<string> = new Set(stackFiles)

// Files of a project's tools, which no stack generates; folders at any depth.
const foreignFolder = /^(?:node_modules|\.husky|\.vscode|\.idea|\.projen)$/
const findForeignFile =
  /^(?:\.projenrc\..+|\.git(?!ignore$).*|\.npmrc|\.env|package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-.+\.yaml|yarn\.lock|bun\.lockb?|(?:js|ts)config(?:\..+)?\.json|rebar\.(?:config|lock)|mix\.(?:exs|lock)|Makefile)$/i

// Our formats that begin with the header, and source code.
const headed =
  /(?:^|\/)(?:[^/]*dockerfile[^/]*|[^/]*\.(?:dockerignore|gitignore|env\.example|ya?ml|[cm]?[jt]sx?|[eh]rl|exs?|py|rs|go|c|h|md|toml|lock))$/i

/**
 * Why a file stays although its hash is that of the manifest: the manifest may come from an untrusted
 * repository and list any file.
 *
 * @returns a text that follows "stays because"; undefined where the file may be removed
 */
export function findKeepReason(path: string, { content }: DiskFile): string | undefined {
  const folders = path.split('/')
  const name = folders.pop() ?? ''
  if (stackNames.has(name.toLowerCase())) return 'it is a stack'
  const isForeign = findForeignFile.test(name) || folders.some((one) => foreignFolder.test(one))
  if (isForeign) return 'erlmcp does not generate such files'
  if (!headed.test(path)) return undefined
  const begin = Buffer.from(content.subarray(0, 4096)).toString('utf8')
  return begin.includes(headerStart) ? undefined : 'it lacks the header of generated files'
}
