import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, type Diagnostic, isUserError } from '@erlmcp/core'
import { afterAll, describe, expect, it } from 'vitest'
import { parseWorkflow } from '../../packages/workflow/src/files.ts'
import { hasCorpus, type Label, openCorpus } from './corpus.ts'

describe.skipIf(!hasCorpus)('public workflows (skipped without ../shared/corpus)', () => {
  const corpus = hasCorpus ? openCorpus('workflow') : undefined
  afterAll(() => corpus?.close())

  /** The diagnostics, or undefined for a file that cannot be read. */
  function judge({ path }: Label): readonly Diagnostic[] | undefined {
    try {
      return check(parseWorkflow(path, readFileSync(join(corpus!.folder, path), 'utf8')))
    } catch (error) {
      if (isUserError(error)) return undefined
      throw error
    }
  }

  it('are never called invalid where GitHub and actionlint take them', () => {
    const good = corpus!.labels.filter(
      ({ tools }) => tools?.workflow_parser?.ok && tools.actionlint?.ok,
    )
    const wrong = good.flatMap((label) => {
      const diagnostics = judge(label) ?? [{ kind: 'invalid', rule: 'unreadable', message: '' }]
      return diagnostics
        .filter(({ kind }) => kind === 'invalid')
        .map(({ rule, message }) => `${label.path}: ${rule}: ${message}`)
    })
    expect(good.length).toBeGreaterThan(450)
    expect(wrong).toEqual([])
  })
})
