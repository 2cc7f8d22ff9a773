import { findSuggestion, type Origin, UserError } from '@erlmcp/core'
import type { EventName, Events } from '../document.ts'
import { validateKeys } from './validate-keys.ts'
import { unknownKeysOf } from './with-unknown-keys.ts'
import type { WorkflowSpec } from './workflow.ts'

const types = ['types']
const branches = ['branches', 'branches-ignore']
const paths = ['paths', 'paths-ignore']
const pullRequest = [...types, ...branches, ...paths]

/** What narrows each event; of one with a list, or with nothing, there is nothing to check. */
const filters: Readonly<Record<keyof Events, readonly string[]>> = {
  branch_protection_rule: types,
  check_run: types,
  check_suite: types,
  create: [],
  delete: [],
  deployment: [],
  deployment_status: [],
  discussion: types,
  discussion_comment: types,
  fork: [],
  gollum: [],
  image_version: [...types, 'names', 'versions'],
  issue_comment: types,
  issues: types,
  label: types,
  merge_group: [...types, ...branches],
  milestone: types,
  page_build: [],
  project: types,
  project_card: types,
  project_column: types,
  public: [],
  pull_request: pullRequest,
  pull_request_comment: types,
  pull_request_review: types,
  pull_request_review_comment: types,
  pull_request_target: pullRequest,
  push: [...branches, ...paths, 'tags', 'tags-ignore'],
  registry_package: types,
  release: types,
  repository_dispatch: types,
  schedule: [],
  status: [],
  watch: types,
  workflow_call: ['inputs', 'outputs', 'secrets'],
  workflow_dispatch: ['inputs'],
  workflow_run: [...types, ...branches, 'workflows'],
}

/** The names of what starts a workflow. */
export function eventsOf(on: WorkflowSpec['on']): readonly string[] {
  if (typeof on === 'string') return [on]
  return Array.isArray(on) ? on : [...Object.keys(on), ...unknownKeysOf(on)]
}

/**
 * Refuses an event or a filter that GitHub does not have: the workflow would never run, or for every
 * branch.
 *
 * @throws UserError
 */
export function validateOn(path: string, on: WorkflowSpec['on'], origin: Origin): void {
  const names = Object.keys(filters)
  const allowed = unknownKeysOf(on)
  for (const name of eventsOf(on ?? {})) {
    if (Object.hasOwn(filters, name) || allowed.includes(name)) continue
    const meant = findSuggestion(name, names)
    throw new UserError({
      message: `${path}: there is no event ${JSON.stringify(name)}`,
      hint: meant ? `Did you mean \`${meant}\`?` : `There are ${names.join(', ')}.`,
      origin,
    })
  }
  if (typeof on !== 'object' || Array.isArray(on)) return
  for (const [name, narrowed] of Object.entries(on ?? {})) {
    if (typeof narrowed !== 'object' || narrowed === null || Array.isArray(narrowed)) continue
    validateKeys(`${name} of ${path}`, narrowed, filters[name as EventName], origin)
  }
}
