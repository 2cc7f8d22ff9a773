import type { DiskFile } from '../artifact.ts'
import { headerStart } from '../print/header.ts'
import { stackFiles } from '../project/project-context.ts'

const stackNames: ReadonlySet<string> = new Set(stackFiles)

// What a project is worked with, which no stack makes. A folder is one at any depth.
const foreignFolder = /^(?:node_modules|\.husky|\.vscode|\.idea|\.projen)$/
const findForeignFile =
  /^(?:\.projenrc\..+|\.git(?!ignore$).*|\.npmrc|\.env|package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-.+\.yaml|yarn\.lock|bun\.lockb?|(?:js|ts)config(?:\..+)?\.json|rebar\.(?:config|lock)|mix\.(?:exs|lock)|Makefile)$/i

// Formats of ours that begin with the header, and source code, which is the user's unless it does.
const headed =
  /(?:^|\/)(?:[^/]*dockerfile[^/]*|[^/]*\.(?:dockerignore|gitignore|env\.example|ya?ml|[cm]?[jt]sx?|[eh]rl|exs?|py|rs|go|c|h|md|toml|lock))$/i

/**
 * Why a file that the manifest lists is not removed although it is as it is listed: the manifest may
 * come from a repository that one does not know, and its hash may be that of any file.
 *
 * @returns words that follow "it stays: "; undefined where it may be removed
 */
export function findKeepReason(path: string, { content }: DiskFile): string | undefined {
  const folders = path.split('/')
  const name = folders.pop() ?? ''
  if (stackNames.has(name.toLowerCase())) return 'it is a stack'
  const isForeign = findForeignFile.test(name) || folders.some((one) => foreignFolder.test(one))
  if (isForeign) return 'erlmcp makes no such file'
  if (!headed.test(path)) return undefined
  const begin = Buffer.from(content.subarray(0, 4096)).toString('utf8')
  return begin.includes(headerStart) ? undefined : 'it does not say that erlmcp made it'
}
