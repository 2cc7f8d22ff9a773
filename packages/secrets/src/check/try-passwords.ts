import { runDocker } from '@erlmcp/docker'
import { postgresOwner } from '../postgres-owner.ts'
import { type Reader, readersOf } from '../rotate/secret-readers.ts'
import type { Wanted } from '../stack-secrets.ts'

/** By the path of a secret that a running server was asked about: why it refuses it, if so. */
export type Answers = ReadonlyMap<string, string | undefined>

/**
 * Tries the contents of secret files at the running servers that ask for them.
 *
 * @param contents by path
 * @returns their answers, or undefined where no engine can be asked
 */
export async function tryPasswords(
  secrets: readonly Wanted[],
  contents: ReadonlyMap<string, string>,
): Promise<Answers | undefined> {
  const passwords = secrets.filter(
    ({ path, recipe }) => recipe.kind === 'random' && contents.has(path),
  )
  if (passwords.length === 0) return new Map()
  const byFile = await readersOf(passwords.map(({ file }) => file)).catch(() => undefined)
  if (byFile === undefined) return undefined
  const answers = new Map<string, string | undefined>()
  for (const { file, path } of passwords) {
    for (const reader of byFile.get(file) ?? []) {
      if (!reader.running || reader.server === undefined) continue
      const answer = await answerOf(reader, contents.get(path)!)
      if (answer !== 'none') answers.set(path, answers.get(path) ?? answer)
    }
  }
  return answers
}

// From outside of the loopback, which a server may trust. The password comes by the standard input:
// it is in no list of processes.
const asks = {
  postgres: `IFS= read -r PGPASSWORD; export PGPASSWORD PGCONNECT_TIMEOUT=5
${postgresOwner}
host=$(hostname -i 2>/dev/null | cut -d' ' -f1)
exec psql -w --no-psqlrc -h "\${host:-127.0.0.1}" -d template1 -tAc 'select 1' </dev/null`,
  redis: `IFS= read -r REDISCLI_AUTH; export REDISCLI_AUTH
exec redis-cli -h 127.0.0.1 ping </dev/null`,
} as const
const wrong = /password authentication failed|WRONGPASS|NOAUTH/
const names = { postgres: 'PostgreSQL', redis: 'Redis' } as const

async function answerOf(
  { id, name, server }: Reader,
  content: string,
): Promise<string | 'none' | undefined> {
  const password = content.replace(/\n+$/, '')
  const { exitCode, stdout, stderr } = await runDocker(
    ['exec', '--interactive', id, 'sh', '-c', asks[server!]],
    { input: `${password}\n` },
  )
  // A server that starts, or that cannot be reached, says nothing of the password.
  if (!wrong.test(stdout + stderr)) return exitCode === 0 ? undefined : 'none'
  return `${names[server!]} in ${name} refuses it: it has another password`
}
