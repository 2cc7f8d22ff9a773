export type { ServiceExtras } from './extras.ts'
export { type InitFile, type PostgresOptions, type PostgresService, postgres } from './postgres.ts'
export { type EvictionPolicy, type RedisOptions, type RedisService, redis } from './redis.ts'
