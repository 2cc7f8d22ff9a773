/**
 * What the build context may hold: nothing but what the stages copy. A secret that lies in the
 * project is never sent to the builder, so no COPY can take it along.
 */
export function dockerignore(allowed: readonly string[]): string {
  const lines = [
    '# Nothing is sent to the builder but this.',
    '*',
    ...allowed.map((path) => `!/${path}`),
    '',
    '# Not even from there.',
    '**/.git',
    '**/_build',
    '**/secrets',
    '**/.env*',
    '**/*.key',
    '**/*.pem',
    '**/.erlang.cookie',
    '**/erl_crash.dump',
  ]
  return `${lines.join('\n')}\n`
}
