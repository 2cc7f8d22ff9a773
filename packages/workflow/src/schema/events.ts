/** What GitHub knows of an event. */
export interface EventFacts {
  readonly doc: string
  /** Its activity types: `types` filters by them. */
  readonly types?: readonly string[]
  /** What else filters it. */
  readonly filters?: readonly ('branches' | 'tags' | 'paths' | 'names' | 'versions')[]
  /** Whether `types` are names that the sender chooses. */
  readonly customTypes?: true
}

const changes = ['created', 'edited', 'deleted'] as const

const pullRequestTypes = [
  ...['assigned', 'unassigned', 'labeled', 'unlabeled', 'opened', 'edited', 'closed'],
  ...['reopened', 'synchronize', 'converted_to_draft', 'ready_for_review', 'locked', 'unlocked'],
  ...['milestoned', 'demilestoned', 'review_requested', 'review_request_removed'],
  ...['auto_merge_enabled', 'auto_merge_disabled', 'enqueued', 'dequeued', 'stacked'],
] as const

/** Events that trigger a workflow, by name (GitHub docs, "Events that trigger workflows"). */
export const events = {
  branch_protection_rule: { doc: 'A branch protection rule changed.', types: changes },
  check_run: {
    doc: 'A check run changed.',
    types: ['created', 'rerequested', 'completed', 'requested_action'],
  },
  check_suite: { doc: 'A check suite completed.', types: ['completed'] },
  create: { doc: 'A branch or tag was created.' },
  delete: { doc: 'A branch or tag was deleted.' },
  deployment: { doc: 'A deployment was created.' },
  deployment_status: { doc: 'A third party reported the status of a deployment.' },
  discussion: {
    doc: 'A discussion changed.',
    types: [
      ...['created', 'edited', 'deleted', 'transferred', 'pinned', 'unpinned', 'labeled'],
      ...['unlabeled', 'locked', 'unlocked', 'category_changed', 'answered', 'unanswered'],
    ],
  },
  discussion_comment: { doc: 'A comment on a discussion changed.', types: changes },
  fork: { doc: 'The repository was forked.' },
  gollum: { doc: 'A wiki page changed.' },
  image_version: {
    doc: 'A version of a custom runner image changed.',
    types: ['created', 'ready', 'deleted'],
    filters: ['names', 'versions'],
  },
  issue_comment: { doc: 'A comment on an issue or pull request changed.', types: changes },
  issues: {
    doc: 'An issue changed.',
    types: [
      ...['opened', 'edited', 'deleted', 'transferred', 'pinned', 'unpinned', 'closed'],
      ...['reopened', 'assigned', 'unassigned', 'labeled', 'unlabeled', 'locked', 'unlocked'],
      ...['milestoned', 'demilestoned', 'field_added', 'field_removed', 'typed', 'untyped'],
    ],
  },
  label: { doc: 'A label changed.', types: changes },
  merge_group: {
    doc: 'The merge queue asks for the required checks.',
    types: ['checks_requested'],
    filters: ['branches'],
  },
  milestone: {
    doc: 'A milestone changed.',
    types: ['created', 'closed', 'opened', 'edited', 'deleted'],
  },
  page_build: { doc: 'GitHub Pages were built.' },
  project: {
    doc: 'A classic project changed.',
    types: ['created', 'edited', 'deleted', 'closed', 'reopened'],
  },
  project_card: {
    doc: 'A card of a classic project changed.',
    types: ['created', 'edited', 'deleted', 'moved', 'converted'],
  },
  project_column: {
    doc: 'A column of a classic project changed.',
    types: ['created', 'updated', 'moved', 'deleted'],
  },
  public: { doc: 'The repository became public.' },
  pull_request: {
    doc: 'A pull request changed. By default: opened, synchronize and reopened.',
    types: pullRequestTypes,
    filters: ['branches', 'paths'],
  },
  pull_request_comment: { doc: 'A comment on a pull request changed.', types: changes },
  pull_request_review: {
    doc: 'A review of a pull request changed.',
    types: ['submitted', 'edited', 'dismissed'],
  },
  pull_request_review_comment: {
    doc: 'A comment on the diff of a pull request changed.',
    types: changes,
  },
  pull_request_target: {
    doc: 'Like `pull_request`, with the secrets and the workflow of the base branch.',
    types: pullRequestTypes,
    filters: ['branches', 'paths'],
  },
  push: { doc: 'Commits or tags were pushed.', filters: ['branches', 'tags', 'paths'] },
  registry_package: { doc: 'A package was published or updated.', types: ['published', 'updated'] },
  release: {
    doc: 'A release changed.',
    types: [
      ...['published', 'unpublished', 'created', 'edited', 'deleted', 'prereleased'],
      'released',
    ],
  },
  repository_dispatch: { doc: 'An event that the API sent.', customTypes: true },
  schedule: { doc: 'A scheduled time came.' },
  status: { doc: 'The status of a commit changed.' },
  watch: { doc: 'The repository was starred.', types: ['started'] },
  workflow_call: { doc: 'Another workflow called it.' },
  workflow_dispatch: { doc: 'A user or the API started it.' },
  workflow_run: {
    doc: 'Another workflow was requested, started or completed.',
    types: ['requested', 'completed', 'in_progress'],
    filters: ['branches'],
  },
} as const satisfies Readonly<Record<string, EventFacts>>
