import { join } from 'node:path'
import { check, type Document, type Rule, type RuleContext } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import { print } from '../print/print.ts'
import type { Dockerfile } from '../schema/document.ts'
import { dockerfileFormat } from '../values/dockerfile.ts'
import { rules } from './rules.gen.ts'

// A project of a few files, for rules that ask what is there.
const files = new Set(['rebar.config', 'rebar.lock', 'apps/app/src/app.erl'])

function around(document: Document): RuleContext {
  return {
    documents: [document, ignoreFile],
    isSecret: () => false,
    exists: (path) =>
      files.has(path)
        ? 'file'
        : [...files].some((one) => one.startsWith(`${path}/`))
          ? 'directory'
          : 'none',
  }
}

// Read by one rule alone; as `exists` does not have it, others take it for missing.
const ignoreFile: Document = {
  path: 'docker/Dockerfile.dockerignore',
  format: { name: 'text', rules: [], print: () => '' },
  data: { text: '# not for images\n_build\n*.md\n' },
}

function judge(rule: Rule<Dockerfile>, data: Dockerfile) {
  const format = { ...dockerfileFormat, rules: [rule] }
  const document = { path: 'docker/Dockerfile', format, data } as Document
  return check(document, around(document))
}

describeRules({
  format: 'dockerfile',
  folder: join(import.meta.dirname, 'rules'),
  rules,
  judge,
  print: (data) => print(data, []),
})
