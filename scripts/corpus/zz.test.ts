import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, isUserError } from '@erlmcp/core'
import { test } from 'vitest'
import { parseWorkflow } from '../../packages/workflow/src/files.ts'
import { openCorpus } from './corpus.ts'
test('count', () => {
  const corpus = openCorpus('workflow')
  const out: string[] = []
  for (const { path, tools } of corpus.labels) {
    try {
      for (const f of check(parseWorkflow(path, readFileSync(join(corpus.folder, path), 'utf8'))))
        out.push(`${f.rule}\t${tools?.actionlint?.ok}\t${path}:${f.line}\t${f.message}`)
    } catch (e) { if (!isUserError(e)) throw e }
  }
  writeFileSync('/tmp/wf/corpus.txt', out.join('\n'))
  corpus.close()
})
