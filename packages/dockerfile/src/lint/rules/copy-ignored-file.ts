import { posix } from 'node:path'
import type { Rule, RuleContext } from '@erlmcp/core'
import { dockerIgnoredBy, mayHoldDockerException } from '@erlmcp/core'
import { expandSource, findExcludedBelow } from '../../model/build-context.ts'
import { ignorePatterns } from '../../model/ignore-file.ts'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const copyIgnoredFile: Rule<Dockerfile> = {
  id: 'dockerfile/copy-ignored-file',
  kind: 'breaks',
  summary: 'COPY of a file that the ignore file excludes',
  why: 'The builder does not receive the file, so the build fails or copies less than it lists.',
  hint: 'Remove the line from the ignore file, or the file from the COPY.',
  references: ['BuildKit CopyIgnoredFile'],
  bad: example({ instruction: 'COPY', sources: ['_build/prod'], destination: '/app' }),
  good: example({ instruction: 'COPY', sources: ['apps'], destination: '/app/' }),
  *check({ data, path: file }, context) {
    const buildContext = data.context ?? '.'
    const patterns = ignorePatterns(file, buildContext, context)
    if (patterns.length === 0) return
    for (const { node, path } of each(data, 'ADD', 'COPY')) {
      if (node.instruction === 'COPY' && node.from !== undefined) continue
      for (const [n, source] of node.sources.entries()) {
        if (typeof source !== 'string' || /^(?:https?|git|ssh):|^git@/.test(source)) continue
        const violation = validateSource(source, buildContext, patterns, context)
        if (violation) yield { path: [...path, 'sources', n], ...violation }
      }
    }
  },
}

function validateSource(
  source: string,
  buildContext: string,
  patterns: readonly string[],
  context: RuleContext,
): { message: string; hint?: string; severity?: 'warning' } | undefined {
  const short = posix.normalize(source).replace(/^\/+|\/+$/g, '') || '.'
  // Copying the whole project without ignored files is the purpose of the ignore file.
  if (short === '.' || short.startsWith('..')) return undefined
  const isPattern = /[*?[\\]/.test(short)
  const paths = isPattern ? expandSource(short, buildContext, context) : [short]
  if (!paths?.[0]) return undefined
  const ignoring = paths.map((path) =>
    context.exists(posix.join(buildContext, path)) !== 'file' &&
    mayHoldDockerException(path, patterns)
      ? undefined
      : dockerIgnoredBy(path, patterns),
  )
  if (ignoring.every((pattern) => pattern !== undefined)) {
    return {
      message: `${source} is excluded from the build by the line ${JSON.stringify(ignoring[0])} of the ignore file`,
    }
  }
  const excluded = paths.flatMap((path, n) =>
    ignoring[n] === undefined ? findExcludedBelow(path, buildContext, patterns, context) : [],
  )
  const [first] = excluded
  if (!first) return undefined
  const more = excluded.length > 1 ? ` and ${excluded.length - 1} more` : ''
  return {
    severity: 'warning',
    message: `${source} is copied without ${first.path}${more}, which is excluded from the build by the line ${JSON.stringify(first.pattern)} of the ignore file`,
    hint: `Add the line !/${first.path} to the end of the ignore file, or move the file out of ${source} if no image needs it. With erlangImage, list it in \`sources\`.`,
  }
}
