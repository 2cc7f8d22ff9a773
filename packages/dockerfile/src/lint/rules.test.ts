import { check, type Document, type Rule, type RuleContext } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import { print } from '../print/print.ts'
import type { Dockerfile } from '../schema/document.ts'
import { dockerfileFormat } from '../values/dockerfile.ts'
import { rules } from './rules.gen.ts'

// A project of a few files, for rules that look at files.
const files = new Set(['rebar.config', 'rebar.lock', 'apps/app/src/app.erl'])

function contextOf(document: Document): RuleContext {
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

// Only one rule reads it; `exists` does not know it, so that it is missing for the others.
const ignoreFile: Document = {
  path: 'docker/Dockerfile.dockerignore',
  format: { name: 'text', rules: [], print: () => '' },
  data: { text: '# not for images\n_build\n*.md\n' },
}

function judge(rule: Rule<Dockerfile>, data: Dockerfile) {
  const format = { ...dockerfileFormat, rules: [rule] }
  const document = { path: 'docker/Dockerfile', format, data } as Document
  return check(document, contextOf(document))
}

describeRules({
  format: 'dockerfile',
  folder: `${import.meta.dirname}/rules`,
  rules,
  judge,
  print: (data) => print(data, []),
})
