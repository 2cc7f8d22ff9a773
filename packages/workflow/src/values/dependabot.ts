import { type Document, ORIGIN, originOf, type Source } from '@erlmcp/core'
import type { DependabotFile, DependabotUpdate } from '../document.ts'
import { dependabotFormat } from '../format.ts'
import { validateDependabot } from './validate-dependabot.ts'
import { validateKeys } from './validate-keys.ts'
import { mergeUnknownKeys } from './with-unknown-keys.ts'

export interface DependabotOptions
  extends Pick<DependabotFile, 'registries' | 'multi-ecosystem-groups' | 'enable-beta-ecosystems'> {
  /** Days that a release of an action must be old before it is proposed. Default: 7. */
  readonly cooldown?: number
  /** Other updates, such as of images. One of `github-actions` takes the place of the default. */
  readonly updates?: readonly DependabotUpdate[]
}

/**
 * `.github/dependabot.yml`: every week one pull request with the updates of all actions, none
 * younger than the cooldown, for a stolen tag is found in days. After merging one, run
 * `erlmcp pins import`.
 *
 * @throws UserError for what Dependabot does not have: it then updates nothing
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
  validateKeys('dependabot(…)', options, keys, origin)
  const { cooldown = 7, updates = [], ...rest } = options
  const isOwn = updates.some((one) => one?.['package-ecosystem'] === 'github-actions')
  const data: DependabotFile = {
    version: 2,
    ...rest,
    updates: [...(isOwn ? [] : [actions(cooldown)]), ...updates],
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

function actions(cooldown: number): DependabotUpdate {
  return {
    'package-ecosystem': 'github-actions',
    directories: ['/', '/.github/actions/*'],
    schedule: { interval: 'weekly' },
    cooldown: { 'default-days': cooldown },
    groups: { actions: { patterns: ['*'] } },
  }
}

const keys = [
  ...(['cooldown', 'updates', 'registries', 'multi-ecosystem-groups'] as const),
  'enable-beta-ecosystems',
] satisfies (keyof DependabotOptions)[]
