import { posix } from 'node:path'
import type { Rule, RuleContext } from '@erlmcp/core'
import { dockerIgnoredBy, mayHoldDockerException } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'
import { droppedBelow, expandSource } from '../model/build-context.ts'
import { ignorePatterns } from '../model/ignore-file.ts'
import { each } from '../model/walk.ts'

export const copyIgnoredFile: Rule<Dockerfile> = {
  id: 'dockerfile/copy-ignored-file',
  kind: 'breaks',
  summary: 'COPY of a file that the ignore file keeps out of the build',
  why: 'The builder never gets the file, and the build fails or copies less than it says.',
  hint: 'Take the line out of the ignore file, or the file out of the COPY.',
  references: ['BuildKit CopyIgnoredFile'],
  bad: example({ instruction: 'COPY', sources: ['_build/prod'], destination: '/app' }),
  good: example({ instruction: 'COPY', sources: ['apps'], destination: '/app/' }),
  *check({ data, path: file }, around) {
    const context = data.context ?? '.'
    const patterns = ignorePatterns(file, context, around)
    if (patterns.length === 0) return
    for (const { node, path } of each(data, 'ADD', 'COPY')) {
      if (node.instruction === 'COPY' && node.from !== undefined) continue
      for (const [n, source] of node.sources.entries()) {
        if (typeof source !== 'string' || /^(?:https?|git|ssh):|^git@/.test(source)) continue
        const violation = judge(source, context, patterns, around)
        if (violation) yield { path: [...path, 'sources', n], ...violation }
      }
    }
  },
}

function judge(
  source: string,
  context: string,
  patterns: readonly string[],
  around: RuleContext,
): { message: string; hint?: string; severity?: 'warning' } | undefined {
  const short = posix.normalize(source).replace(/^\/+|\/+$/g, '') || '.'
  // The whole project is copied without what its ignore file names: that is what the file is for.
  if (short === '.' || short.startsWith('..')) return undefined
  const isPattern = /[*?[\\]/.test(short)
  const paths = isPattern ? expandSource(short, context, around) : [short]
  if (!paths?.[0]) return undefined
  const reasons = paths.map((path) =>
    around.exists(posix.join(context, path)) !== 'file' && mayHoldDockerException(path, patterns)
      ? undefined
      : dockerIgnoredBy(path, patterns),
  )
  if (reasons.every((reason) => reason !== undefined)) {
    return {
      message: `${source} is kept out of the build by the line ${JSON.stringify(reasons[0])} of the ignore file`,
    }
  }
  const dropped = paths.flatMap((path, n) =>
    reasons[n] === undefined ? droppedBelow(path, context, patterns, around) : [],
  )
  const [first] = dropped
  if (!first) return undefined
  const more = dropped.length > 1 ? ` and ${dropped.length - 1} more` : ''
  return {
    severity: 'warning',
    message: `${source} is copied without ${first.path}${more}, kept out of the build by the line ${JSON.stringify(first.pattern)} of the ignore file`,
    hint: `Add the line !/${first.path} to the end of the ignore file, or move the file out of ${source} if no image needs it. For erlangImage, name it in sources.`,
  }
}
