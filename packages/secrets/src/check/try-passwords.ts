import { runDocker } from '@erlmcp/docker'
import { postgresOwner } from '../password/postgres-owner.ts'
import { findReaders, type SecretReader } from '../rotate/secret-readers.ts'
import type { StackSecret } from '../stack-secrets.ts'

/** For the path of each password that was tried: why the server rejects it, or `undefined`. */
export type Answers = ReadonlyMap<string, string | undefined>

/**
 * Tries passwords at the running servers that use them.
 *
 * @param contents by path
 * @returns `undefined` where no engine answers
 */
export async function tryPasswords(
  secrets: readonly StackSecret[],
  contents: ReadonlyMap<string, string>,
): Promise<Answers | undefined> {
  const passwords = secrets.filter(
    ({ path, recipe }) => recipe.kind === 'random' && contents.has(path),
  )
  if (passwords.length === 0) return new Map()
  const byFile = await findReaders(passwords.map(({ file }) => file)).catch(() => undefined)
  if (byFile === undefined) return undefined
  const answers = new Map<string, string | undefined>()
  for (const { file, path } of passwords) {
    for (const reader of byFile.get(file) ?? []) {
      if (!reader.running || reader.server === undefined) continue
      const answer = await askServer(reader, contents.get(path)!)
      if (answer !== 'none') answers.set(path, answers.get(path) ?? answer)
    }
  }
  return answers
}

// Not from the loopback interface, which a server may trust. The password is passed by the standard
// input, so that no list of processes shows it.
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

async function askServer(
  { id, name, server }: SecretReader,
  content: string,
): Promise<string | 'none' | undefined> {
  const password = content.replace(/\n+$/, '')
  const { exitCode, stdout, stderr } = await runDocker(
    ['exec', '--interactive', id, 'sh', '-c', asks[server!]],
    { input: `${password}\n` },
  )
  // A server that is starting, or cannot be reached, proves nothing about the password.
  if (!wrong.test(stdout + stderr)) return exitCode === 0 ? undefined : 'none'
  return `${names[server!]} in ${name} rejects it: the server has another password`
}
