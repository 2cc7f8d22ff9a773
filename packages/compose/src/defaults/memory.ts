import type { Service } from '../document.ts'
import type { ImageDefaults } from '../images/facts.ts'
import { entries } from '../model/environment.ts'
import { resolve } from '../model/resolve.ts'
import { bytes } from '../model/sizes.ts'
import { words } from '../model/words.ts'

const mebibyte = 1024 ** 2

interface MemorySetting {
  /** Its name in a message. */
  readonly name: string
  /** Matches it in a command or in `NAME=value`; its group is the amount. */
  readonly pattern: RegExp
  /** Bytes of a number without a unit. */
  readonly unit: number
}

const size = String.raw`(\d+(?:\.\d+)?\s?(?:[kmgt](?:i?b)?)?)`
const setting = (name: string, before: string, unit = 1): MemorySetting => ({
  name,
  pattern: new RegExp(`${before}${size}(?![\\w.%])`, 'gi'),
  unit,
})

// The settings that reserve memory, of any program.
const settings: readonly MemorySetting[] = [
  setting('-Xmx', '(?<![\\w-])-Xmx'),
  setting('-XX:MaxRAM', '-XX:MaxRAM='),
  setting('-XX:MaxHeapSize', '-XX:MaxHeapSize='),
  setting('-XX:MaxDirectMemorySize', '-XX:MaxDirectMemorySize='),
  setting('--max-old-space-size', '--max[-_]old[-_]space[-_]size[= ]', mebibyte),
  setting('maxmemory', '(?<![\\w-])(?:--)?maxmemory[= ]'),
  setting('shared_buffers', "shared_buffers\\s*=\\s*'?", 8192),
  setting('innodb_buffer_pool_size', 'innodb[-_]buffer[-_]pool[-_]size[= ]'),
  setting('--wiredTigerCacheSizeGB', '--wiredTigerCacheSizeGB[= ]', 1024 ** 3),
  setting('--memory-limit', 'memcached\\b.*\\s(?:-m|--memory-limit)[= ]?', mebibyte),
  setting('+MMscs', '\\+MMscs\\s?', mebibyte),
  setting('MAX_HEAP_SIZE', '^MAX_HEAP_SIZE='),
  setting('SOLR_HEAP', '^SOLR_HEAP='),
  setting('ZK_SERVER_HEAP', '^ZK_SERVER_HEAP=', mebibyte),
  setting('NEO4J heap', '^NEO4J_(?:server|dbms)_memory_heap_max__size='),
  setting('NEO4J page cache', '^NEO4J_(?:server|dbms)_memory_pagecache_size='),
  setting('GOMEMLIMIT', '^GOMEMLIMIT='),
  setting('MSSQL_MEMORY_LIMIT_MB', '^MSSQL_MEMORY_LIMIT_MB=', mebibyte),
  setting('SPARK_WORKER_MEMORY', '^SPARK_(?:WORKER|DRIVER|EXECUTOR|DAEMON)_MEMORY='),
  setting('VARNISH_SIZE', '^VARNISH_SIZE='),
]

// One look at a text without any of them, as nearly all are.
const anySetting = new RegExp(settings.map(({ pattern }) => pattern.source).join('|'), 'i')
// A faster look at a variable: a word in the names of settings, or a character that each option has.
const mayHaveSetting = /mem|heap|buffer|varnish_size|[-+ =]/i

/** A setting that makes a program use memory. */
export interface MemoryDemand {
  /** Name of the setting: `-Xmx`. */
  readonly name: string
  readonly bytes: number
}

/** The memory settings in the command and the variables of a service. */
export function memoryDemands({ entrypoint, command, environment }: Service): MemoryDemand[] {
  const line = [...words(entrypoint), ...words(command)].join(' ')
  const variables = entries(environment).filter(
    ({ name, value }) => mayHaveSetting.test(value ?? '') || mayHaveSetting.test(name),
  )
  const texts = [line, ...variables.map(({ name, value }) => `${name}=${value ?? ''}`)]
    .filter((text) => /\d/.test(text) || text.includes('$'))
    .map((text) => resolve(text))
    .filter((text) => anySetting.test(text))
  if (texts.length === 0) return []
  return settings.flatMap(({ name, pattern, unit }) => {
    const amounts = texts.flatMap((text) =>
      [...text.matchAll(pattern)].map(([, amount]) => amountOf(amount!, unit)),
    )
    return amounts.length === 0 ? [] : [{ name, bytes: Math.max(...amounts) }]
  })
}

function amountOf(text: string, unit: number): number {
  const amount = text.toLowerCase().replaceAll(/\s|ib?$/g, '')
  return /[a-z]/.test(amount) ? (bytes(amount) ?? 0) : Number(amount) * unit
}

const least = 512 * mebibyte

/**
 * The default memory limit of a service: 512M, or what its image, its program and its other keys
 * need: 1.25 times the configured memory and 128M, and at least the reservation.
 */
export function defaultMemory(node: Service, facts: ImageDefaults | undefined): string {
  const configured = memoryDemands(node).reduce((sum, demand) => sum + demand.bytes, 0)
  const shared = bytes(node.shm_size) ?? 0
  const program = configured === 0 ? least / 2 : configured * 1.25 + 128 * mebibyte
  const reserved = Math.max(
    bytes(node.mem_reservation) ?? 0,
    bytes(node.deploy?.resources?.reservations?.memory) ?? 0,
  )
  const wanted = Math.max(least, bytes(facts?.memory) ?? 0, program + shared, reserved)
  const swap = bytes(node.memswap_limit)
  // The engine rejects a sum of memory and swap below the memory.
  const most = swap === undefined || swap <= 0 ? wanted : Math.min(wanted, swap)
  return inUnits(most === wanted ? Math.ceil(most / (256 * mebibyte)) * 256 : most / mebibyte)
}

function inUnits(mebibytes: number): string {
  if (!Number.isInteger(mebibytes)) return `${Math.floor(mebibytes * mebibyte)}`
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}G` : `${mebibytes}M`
}
