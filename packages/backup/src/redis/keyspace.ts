/** Where a server stores its files. */
export interface RedisFiles {
  readonly dir: string
  readonly dbfilename: string
  readonly appenddirname: string
  readonly appendfilename: string
  readonly version: string
}

/** Number of keys of each database, from `INFO keyspace`. */
export function parseKeyspace(info: string): Record<string, number> {
  const found = info.matchAll(/^(db\d+):keys=(\d+),/gm)
  return Object.fromEntries([...found].map(([, db, count]) => [db, Number(count)]))
}
