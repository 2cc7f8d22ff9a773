import { type Document, ORIGIN, originOf, type Source, schema, validateOptions } from '@erlmcp/core'
import { dependabotFormat } from '../format.ts'
import { dependabotSchema } from '../schema/dependabot.ts'
import type { DependabotFile, DependabotUpdate } from '../schema/document.gen.ts'
import { validateDependabot } from './validate-dependabot.ts'
import { mergeUnknownKeys } from './with-unknown-keys.ts'

export interface DependabotOptions
  extends Pick<DependabotFile, 'registries' | 'multi-ecosystem-groups' | 'enable-beta-ecosystems'> {
  /** Days that a release of an action must be old before it is proposed. Default: 7. */
  readonly cooldown?: number
  /** Other updates, such as of images. One of `github-actions` replaces the default. */
  readonly updates?: readonly DependabotUpdate[]
}

const { any, number, object } = schema

const keys = dependabotSchema.type === 'object' ? dependabotSchema.keys : {}

const optionsSchema = object<DependabotOptions>({
  cooldown: number,
  updates: schema.list(any),
  registries: keys.registries!,
  'multi-ecosystem-groups': keys['multi-ecosystem-groups']!,
  'enable-beta-ecosystems': keys['enable-beta-ecosystems']!,
})

/**
 * `.github/dependabot.yml`: every week one pull request with the updates of all actions, none
 * younger than the cooldown, because a hijacked tag is usually found within days. After merging one,
 * run `erlmcp pins import`.
 *
 * @throws UserError for what Dependabot rejects: it would update nothing
 * @example
 * export default stack('shop', [
 *   ci,
 *   dependabot({
 *     updates: [{ 'package-ecosystem': 'docker', directory: '/', schedule: { interval: 'weekly' } }],
 *   }),
 * ])
 */
export function dependabot(options: DependabotOptions = {}): Source {
  const origin = originOf(dependabot)
  validateOptions('dependabot(…)', options, optionsSchema, origin)
  const { cooldown = 7, updates = [], ...rest } = options
  const hasActions = updates.some((one) => one?.['package-ecosystem'] === 'github-actions')
  const data: DependabotFile = {
    version: 2,
    ...rest,
    updates: [...(hasActions ? [] : [updateOfActions(cooldown)]), ...updates],
  }
  validateDependabot(data, origin)
  const printed = { ...data, updates: data.updates.map((one) => mergeUnknownKeys(one, one)) }
  return Object.freeze({
    *documents(): Iterable<Document> {
      yield {
        path: '.github/dependabot.yml',
        format: dependabotFormat,
        data: Object.assign(printed, { [ORIGIN]: origin }),
      } satisfies Document<DependabotFile>
    },
  })
}

function updateOfActions(cooldown: number): DependabotUpdate {
  return {
    'package-ecosystem': 'github-actions',
    directories: ['/', '/.github/actions/*'],
    schedule: { interval: 'weekly' },
    cooldown: { 'default-days': cooldown },
    groups: { actions: { patterns: ['*'] } },
  }
}
