import type { Command, Option } from '../command.ts'
import { json, out } from './options.ts'

const clusterOptions: readonly Option[] = [
  { name: 'name', value: 'NAME', hint: 'which cluster, where the stack has more than one' },
  { name: 'file', value: 'FILE', hint: 'its compose file. Default: docker-compose.cluster.yml' },
  { name: 'project', value: 'NAME', hint: "compose project. Default: the file's own" },
  out,
]

const wait: Option = {
  name: 'wait',
  value: 'SECONDS',
  hint: 'how long nodes may take to find each other. Default: 30',
}

/** Clusters, and their certificates. */
export const cluster: readonly Command[] = [
  {
    words: ['cluster', 'certs'],
    summary: 'list authorities and certificates: names, serial, how long they last',
    options: [out, json],
    run: async (...given) => (await import('../commands/cluster-certs.ts')).clusterCerts(...given),
  },
  {
    words: ['cluster', 'up'],
    summary: 'build and start a cluster, and verify it',
    options: [...clusterOptions, wait, json],
    run: async (...given) => (await import('../commands/cluster.ts')).clusterUp(...given),
  },
  {
    words: ['cluster', 'verify'],
    summary: 'say whether the running nodes see each other, and refuse strangers',
    options: [...clusterOptions, wait, json],
    run: async (...given) => (await import('../commands/cluster.ts')).clusterVerify(...given),
  },
  {
    words: ['cluster', 'down'],
    summary: 'stop and remove a cluster; its data stays',
    options: [...clusterOptions, { name: 'volumes', hint: 'remove its data, too' }],
    run: async (...given) => (await import('../commands/cluster.ts')).clusterDown(...given),
  },
]
