import type { Rule } from '@erlmcp/core'
import { eventsOf, inputOf, type UsePlace, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

// Actions that publish.
const publishers =
  /^(?:softprops\/action-gh-release|ncipollo\/release-action|goreleaser\/goreleaser-action|pypa\/gh-action-pypi-publish|changesets\/action|actions\/attest(?:-build-provenance)?)$/

function publishes(place: UsePlace): boolean {
  const pushed = String(inputOf(place, 'push')) === 'true'
  const build = /^docker\/(?:build-push|bake)-action$/.test(place.uses.action)
  return publishers.test(place.uses.action) || (build && pushed)
}

/** Whether a version triggers it. */
function isRelease(events: ReturnType<typeof eventsOf>): boolean {
  const push = events.get('push')
  const onlyTags = push?.tags !== undefined && push.branches === undefined
  return onlyTags || events.has('release')
}

/** Whether it restores a cache, as far as its inputs tell. */
function restoresCache(place: UsePlace): boolean {
  const { action } = place.uses
  const isOff = (value: unknown) => value === undefined || ['false', ''].includes(String(value))
  if (/^(?:actions\/cache(?:\/restore)?|swatinem\/rust-cache)$/.test(action)) return true
  if (/^mozilla-actions\/sccache-action$/.test(action)) return true
  if (action === 'actions/setup-go') return String(inputOf(place, 'cache')) !== 'false'
  if (/^docker\/(?:build-push|bake)-action$/.test(action))
    return !isOff(inputOf(place, 'cache-from'))
  if (!/^[\w-]+\/setup-/.test(action)) return false
  return ['cache', 'enable-cache', 'bundler-cache'].some((name) => !isOff(inputOf(place, name)))
}

export const cachePoisoning: Rule<WorkflowFile> = {
  id: 'workflow/cache-poisoning',
  kind: 'insecure',
  summary: 'Cache in a workflow that releases',
  why: 'An attacker who can write the cache, such as from a pull request, controls what is released.',
  hint: 'Build a release without a cache.',
  references: ['zizmor cache-poisoning'],
  bad: {
    ...withSteps({ uses: `actions/cache@${commit}`, with: { path: '_build', key: 'a' } }),
    on: { push: { tags: ['v*'] } },
  },
  good: { ...withSteps({ run: 'make' }), on: { push: { tags: ['v*'] } } },
  *check({ data }) {
    if (!isRelease(eventsOf(data)) && !usesOf(data).some(publishes)) return
    for (const place of usesOf(data)) {
      if (!restoresCache(place)) continue
      yield { path: place.path, message: `${place.uses.action} restores a cache for a release` }
    }
  },
}
