import { type Document, ORIGIN, originOf, type Source } from '@erlmcp/core'
import { checkKeys } from './check-keys.ts'
import type { DependabotFile, DependabotUpdate } from './document.ts'
import { dependabotFormat } from './format.ts'

export interface DependabotOptions {
  /** Days that a release must be old before it is proposed. Default: 7. */
  readonly cooldown?: number
  /** Other updates, such as of images. */
  readonly updates?: readonly DependabotUpdate[]
}

/**
 * `.github/dependabot.yml`: every week one pull request with the updates of all actions, none
 * younger than the cooldown, for a stolen tag is found in days. After merging one, run
 * `erlmcp pins import`.
 *
 * @throws UserError for an option that it does not have
 * @example
 * export default stack('shop', [ci, dependabot()])
 */
export function dependabot(options: DependabotOptions = {}): Source {
  const origin = originOf(dependabot)
  checkKeys('dependabot(…)', options, keys, origin)
  const { cooldown = 7, updates = [] } = options
  const data: DependabotFile = {
    version: 2,
    updates: [
      {
        'package-ecosystem': 'github-actions',
        directories: ['/', '/.github/actions/*'],
        schedule: { interval: 'weekly' },
        cooldown: { 'default-days': cooldown },
        groups: { actions: { patterns: ['*'] } },
      },
      ...updates,
    ],
  }
  return Object.freeze({
    *documents(): Iterable<Document> {
      yield {
        path: '.github/dependabot.yml',
        format: dependabotFormat,
        data: Object.assign(data, { [ORIGIN]: origin }),
      } satisfies Document<DependabotFile>
    },
  })
}

const keys = ['cooldown', 'updates'] satisfies (keyof DependabotOptions)[]
