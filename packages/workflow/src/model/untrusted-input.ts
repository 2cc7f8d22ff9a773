// Properties that a user without permissions in the repository controls (GitHub docs, "Script
// injections"; zizmor template-injection). Points separate names, `*` is any.
const untrusted = [
  'github.head_ref',
  'github.event.issue.title',
  'github.event.issue.body',
  'github.event.discussion.title',
  'github.event.discussion.body',
  'github.event.comment.body',
  'github.event.review.body',
  'github.event.review_comment.body',
  'github.event.pages.*.page_name',
  'github.event.commits.*.message',
  'github.event.commits.*.author.email',
  'github.event.commits.*.author.name',
  'github.event.head_commit.message',
  'github.event.head_commit.author.email',
  'github.event.head_commit.author.name',
  'github.event.head_commit.committer.email',
  'github.event.head_commit.committer.name',
  'github.event.pull_request.title',
  'github.event.pull_request.body',
  'github.event.pull_request.head.ref',
  'github.event.pull_request.head.label',
  'github.event.pull_request.head.repo.default_branch',
  'github.event.pull_request.head.repo.description',
  'github.event.pull_request.head.repo.homepage',
  'github.event.workflow_run.head_branch',
  'github.event.workflow_run.head_commit.message',
  'github.event.workflow_run.head_commit.author.email',
  'github.event.workflow_run.head_commit.author.name',
  'github.event.workflow_run.head_repository.description',
  'github.event.workflow_run.pull_requests.*.head.ref',
].map((text) => text.split('.'))

/** Whether a path leads to untrusted input, or to an object that contains it. */
export function isUntrusted(path: readonly string[]): boolean {
  return untrusted.some((pattern) =>
    path.every((name, index) => {
      const expected = pattern[index]
      return expected === undefined || expected === name || expected === '*' || name === '*'
    }),
  )
}

// Values that an attacker cannot choose: numbers, hashes, names from GitHub.
const safe = [
  ...['sha', 'run_id', 'run_number', 'run_attempt', 'repository', 'repository_id', 'job'],
  ...['repository_owner', 'repository_owner_id', 'server_url', 'api_url', 'graphql_url'],
  ...['event_name', 'workspace', 'action_path', 'actor_id', 'ref_type', 'ref_protected'],
  ...['retention_days', 'secret_source', 'workflow_sha', 'token'],
]

/** Whether a value has only characters that a shell reads literally. */
export function isSafeValue(path: readonly string[]): boolean {
  const [context, name] = path
  if (context === 'runner' || context === 'strategy' || context === 'job') return true
  if (context === 'needs') return path[2] === 'result'
  if (context === 'steps') return path[2] === 'outcome' || path[2] === 'conclusion'
  return context === 'github' && path.length === 2 && safe.includes(name ?? '')
}
