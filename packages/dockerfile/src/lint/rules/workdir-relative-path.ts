import type { Rule } from '@erlmcp/core'
import { each, history } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { partsOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const workdirRelativePath: Rule<Dockerfile> = {
  id: 'dockerfile/workdir-relative-path',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A relative WORKDIR without an absolute one before it',
  why: 'It is relative to the working directory of the base image, which may change.',
  hint: 'Use an absolute path.',
  references: ['BuildKit WorkdirRelativePath', 'DL3000'],
  bad: example({ instruction: 'WORKDIR', path: 'app' }),
  good: example({ instruction: 'WORKDIR', path: '/app' }),
  *check({ data }) {
    for (const { node, path, at } of each(data, 'WORKDIR')) {
      const text = partsOf(node.path)[0] ?? ''
      if (typeof text !== 'string' || isAbsolute(text)) continue
      const before = history(data, at).filter((one) => one.instruction === 'WORKDIR')
      if (before.some((one) => isAbsolute(String(partsOf(one.path)[0])))) continue
      yield {
        path: [...path, 'path'],
        message: `WORKDIR ${text} is relative to the working directory of the base image`,
      }
    }
  },
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)
}
