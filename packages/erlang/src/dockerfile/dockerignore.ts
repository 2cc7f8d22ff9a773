/** Folders of an OTP application whose files are compiled or shipped, whatever their names are. */
const ofApplications = ['c_src', 'include', 'priv', 'src']

/**
 * What the build context may hold: nothing but what the stages copy. A secret that lies in the
 * project is never sent to the builder, so no COPY can take it along. What belongs to the sources is
 * sent: certificates of authorities in `priv`, a folder `src/secrets`.
 *
 * @param allowed everything that a stage copies
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
  // With the folder itself as a source, such as priv, everything in it belongs to it.
  const isInside = source.split('/').some((part) => ofApplications.includes(part))
  if (isInside) return [`!/${source}/**/*.pem`]
  return ofApplications.map((folder) => `!/${source}/**/${folder}/**/*.pem`)
}
