import { check, type Document, type Rule } from '@erlmcp/core'
import { expect, test } from 'vitest'
import type { ComposeFile } from '../document.ts'
import { swarm } from '../model/dialect.ts'
import { composeFormat } from '../print.ts'
import { rules } from './rules.gen.ts'

const { features: _, ...everyRule } = composeFormat

function found(format: Document<ComposeFile>['format'], data: ComposeFile): string[] {
  const document: Document<ComposeFile> = { path: 'deploy/compose.yml', format, data }
  const context = {
    documents: [document as Document],
    isSecret: () => false,
    exists: () => 'none' as const,
  }
  return check(document as Document, context).map(({ rule, message }) => `${rule}: ${message}`)
}

const examples = rules.flatMap(({ id, bad, good }: Rule<ComposeFile>) =>
  [bad, good].flatMap((data) => [[id, data] as const, [`${id} in a swarm`, swarm(data)] as const]),
)

test.each(examples)(
  'a rule that is not asked has nothing to say: the examples of %s',
  (_id, data) => expect(found(composeFormat, data)).toEqual(found(everyRule, data)),
)
