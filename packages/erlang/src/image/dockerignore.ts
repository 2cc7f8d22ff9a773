/** Folders of an OTP application whose files are all compiled or shipped. */
const applicationFolders = ['c_src', 'include', 'priv', 'src']

/**
 * The ignore file: it excludes everything but the paths that the stages copy. The builder does not
 * receive secrets of the project, so no COPY can include them. It receives all sources: certificates
 * of authorities in `priv`, a folder `src/secrets`.
 *
 * @param allowed the paths that stages copy
 * @param sources those of them that the release is compiled from
 */
export function dockerignore(allowed: readonly string[], sources: readonly string[]): string {
  const lines = [
    '# Nothing is sent to the builder but this.',
    '*',
    ...allowed.map((path) => `!/${path}`),
    '',
    '# Not even from there.',
    '**/.git',
    '**/_build',
    '/secrets',
    '**/.env',
    '**/.env.*',
    '**/*.key',
    '**/*.pem',
    '**/.erlang.cookie',
    '**/erl_crash.dump',
    '',
    '# Certificates among the sources. A key is not: name its file in sources where it is public.',
    ...sources.flatMap(certificates),
    ...sources.filter((path) => /\.(?:key|pem)$/.test(path)).map((path) => `!/${path}`),
  ]
  return `${lines.join('\n')}\n`
}

function certificates(source: string): string[] {
  // A source such as priv is one of these folders itself.
  const isInside = source.split('/').some((part) => applicationFolders.includes(part))
  if (isInside) return [`!/${source}/**/*.pem`]
  return applicationFolders.map((folder) => `!/${source}/**/${folder}/**/*.pem`)
}
