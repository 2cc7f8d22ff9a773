import { alpine, type ImageFacts, stepDown } from './facts.ts'

/** Brokers of messages, and what coordinates clusters. */
export const messaging: readonly ImageFacts[] = [
  {
    title: 'RabbitMQ',
    repositories: ['rabbitmq'],
    // https://github.com/docker-library/rabbitmq/blob/master/docker-entrypoint.sh
    stepsDownTo: '999:999',
    capabilities: stepDown,
    writes: ['/var/log/rabbitmq'],
    data: '/var/lib/rabbitmq',
    ports: [5672, 5671, 15672, 15692, 4369, 25672],
    health: ['CMD', 'rabbitmq-diagnostics', '-q', 'check_port_connectivity'],
    isDataStore: true,
    variants: [{ tag: alpine, facts: { stepsDownTo: '100:101' } }],
  },
  {
    title: 'Apache Kafka',
    repositories: ['apache/kafka', 'apache/kafka-native'],
    // https://github.com/apache/kafka/blob/trunk/docker/jvm/Dockerfile
    user: '1000:1000',
    writesRoot: 'its entrypoint writes the configuration below /opt/kafka',
    executesTmp: true,
    memory: '2G',
    ports: [9092],
    isDataStore: true,
  },
  {
    title: 'Confluent Platform',
    repositories: ['confluentinc/cp-*'],
    // https://github.com/confluentinc/kafka-images/blob/master/kafka/Dockerfile.ubi9
    user: '1000:1000',
    writesRoot: 'its start scripts write the configuration below /etc',
    executesTmp: true,
    memory: '2G',
    ports: [9092],
  },
  {
    title: 'Redpanda',
    repositories: ['redpandadata/redpanda'],
    // https://github.com/redpanda-data/redpanda/blob/dev/dockerfiles/redpanda/Dockerfile
    user: '101:101',
    writesRoot: 'it edits /etc/redpanda/redpanda.yaml',
    memory: '2G',
    data: '/var/lib/redpanda/data',
    ports: [9092, 9644, 8082, 8081],
    isDataStore: true,
  },
  {
    title: 'Apache ZooKeeper',
    repositories: ['zookeeper'],
    // https://github.com/31z4/zookeeper-docker/blob/master/3.9.4/docker-entrypoint.sh
    stepsDownTo: '1000:1000',
    capabilities: stepDown,
    writesRoot: 'its entrypoint writes /conf/zoo.cfg',
    executesTmp: true,
    memory: '1G',
    data: '/data',
    ports: [2181, 2888, 3888, 8080],
    health: ['CMD', 'zkServer.sh', 'status'],
    isDataStore: true,
  },
  {
    title: 'NATS',
    repositories: ['nats'],
    // https://github.com/nats-io/nats-docker/tree/main/2.14.x
    ports: [4222, 8222, 6222],
    isDataStore: true,
  },
  {
    title: 'Eclipse Mosquitto',
    repositories: ['eclipse-mosquitto'],
    // https://github.com/eclipse-mosquitto/mosquitto/blob/master/docker/generic/docker-entrypoint.sh
    stepsDownTo: '1883:1883',
    capabilities: stepDown,
    ports: [1883],
  },
  {
    title: 'EMQX',
    repositories: ['emqx', 'emqx/emqx', 'emqx/emqx-enterprise'],
    // https://github.com/emqx/emqx/blob/master/deploy/docker/Dockerfile
    user: '1000:1000',
    writesRoot: 'its start script writes below /opt/emqx',
    memory: '1G',
    data: '/opt/emqx/data',
    ports: [1883, 8883, 8083, 8084, 18083],
    health: ['CMD', 'emqx', 'ctl', 'status'],
  },
  {
    title: 'VerneMQ',
    repositories: ['vernemq/vernemq'],
    // https://github.com/vernemq/docker-vernemq/blob/master/Dockerfile
    user: '10000:10000',
    data: '/vernemq/data',
    ports: [1883, 8883, 8080, 8888],
    health: ['CMD', 'vernemq', 'ping'],
  },
  {
    title: 'HashiCorp Vault',
    repositories: ['vault', 'hashicorp/vault'],
    // https://github.com/hashicorp/vault/blob/main/.release/docker/docker-entrypoint.sh
    stepsDownTo: '100:1000',
    // It locks its memory, for which its entrypoint gives its binary a capability.
    capabilities: [...stepDown, 'IPC_LOCK', 'SETFCAP'],
    gainsPrivileges: true,
    writesRoot: 'its entrypoint sets a capability on its binary',
    ports: [8200, 8201],
    isDataStore: true,
  },
  {
    title: 'HashiCorp Consul',
    repositories: ['consul', 'hashicorp/consul'],
    // https://github.com/hashicorp/consul/blob/main/.release/docker/docker-entrypoint.sh
    stepsDownTo: '100:1000',
    capabilities: stepDown,
    writes: ['/consul/config'],
    data: '/consul/data',
    ports: [8500, 8600, 8300, 8301],
    health: ['CMD', 'consul', 'info'],
    isDataStore: true,
  },
  {
    title: 'etcd',
    repositories: ['coreos/etcd', 'etcd-development/etcd'],
    // https://github.com/etcd-io/etcd/blob/main/Dockerfile
    writesRoot: 'it keeps its data in /default.etcd unless `--data-dir` names another folder',
    ports: [2379, 2380],
    isDataStore: true,
  },
]
