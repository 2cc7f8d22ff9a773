import type { Rule } from '@erlmcp/core'
import { each } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const unknownRebar3Variable: Rule<Dockerfile> = {
  id: 'dockerfile/unknown-rebar3-variable',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A REBAR variable that rebar3 does not read',
  why: 'It has no effect.',
  hint: 'See the environment variables in the rebar3 manual; for a clean configuration set REBAR_GLOBAL_CONFIG_DIR.',
  references: ['rebar3 manual'],
  bad: example({ instruction: 'ENV', pairs: [{ name: 'REBAR_NO_USER_CONFIG', value: 'true' }] }),
  good: example({ instruction: 'ENV', pairs: [{ name: 'REBAR_CACHE_DIR', value: '/cache' }] }),
  *check({ data }) {
    for (const { node, path } of each(data, 'ENV')) {
      for (const [n, { name }] of node.pairs.entries()) {
        if (!/^REBAR3?_/.test(name) || known.has(name)) continue
        yield { path: [...path, 'pairs', n], message: `rebar3 does not read ${name}` }
      }
    }
  },
}

const known = new Set([
  'REBAR_BASE_DIR',
  'REBAR_CACHE_DIR',
  'REBAR_CHECKOUTS_DIR',
  'REBAR_CHECKOUTS_OUT_DIR',
  'REBAR_COLOR',
  'REBAR_CONFIG',
  'REBAR_GIT_CLONE_OPTIONS',
  'REBAR_GLOBAL_CONFIG_DIR',
  'REBAR_HTTP_ADAPTER',
  'REBAR_OFFLINE',
  'REBAR_PROFILE',
  'REBAR_SKIP_PROJECT_PLUGINS',
  'REBAR_TARGET_ARCH',
])
