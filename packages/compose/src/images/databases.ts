import { alpine, asRoot, type ImageFacts, stepDown } from './facts.ts'

const postgresHealth = [
  'CMD-SHELL',
  'psql -h 127.0.0.1 -U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-${POSTGRES_USER:-postgres}}" -c "select 1"',
] as const

const postgres: Omit<ImageFacts, 'repositories'> = {
  title: 'PostgreSQL',
  // https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh
  stepsDownTo: '999:999',
  capabilities: stepDown,
  writes: ['/var/run/postgresql'],
  data: '/var/lib/postgresql/data',
  ports: [5432],
  // Over TCP: the server that initializes listens on its socket alone.
  health: postgresHealth,
  isDataStore: true,
}

const postgresVariants: NonNullable<ImageFacts['variants']> = [
  { tag: alpine, facts: { stepsDownTo: '70:70' } },
  { tag: /(?:^|pg)(?:1[89]|[2-9]\d)(?!\d)/, facts: { data: '/var/lib/postgresql' } },
]

/** Databases, search engines and caches. */
export const databases: readonly ImageFacts[] = [
  {
    ...postgres,
    repositories: ['postgres'],
    variants: [
      ...postgresVariants,
      // A tag without a version is the newest one.
      { tag: /^(?:$|[a-z])/, facts: { data: '/var/lib/postgresql' } },
    ],
  },
  {
    ...postgres,
    repositories: ['postgis/postgis', 'imresamu/postgis', 'pgvector/pgvector', 'ankane/pgvector'],
    variants: postgresVariants,
  },
  {
    ...postgres,
    title: 'TimescaleDB',
    repositories: ['timescale/timescaledb'],
    // https://github.com/timescale/timescaledb-docker/blob/main/Dockerfile
    stepsDownTo: '70:70',
    data: '/var/lib/postgresql',
    variants: [{ tag: /pg(?:9|1[0-7])/, facts: { data: '/var/lib/postgresql/data' } }],
  },
  {
    title: 'PgBouncer',
    repositories: ['edoburu/pgbouncer'],
    // https://github.com/edoburu/docker-pgbouncer/blob/master/entrypoint.sh
    user: '70:70',
    writesRoot: 'its entrypoint writes /etc/pgbouncer/pgbouncer.ini and userlist.txt',
    ports: [5432],
  },
  {
    title: 'MySQL',
    repositories: ['mysql'],
    // https://github.com/docker-library/mysql/blob/master/docker-entrypoint.sh
    stepsDownTo: '999:999',
    capabilities: stepDown,
    writes: ['/var/run/mysqld'],
    memory: '1G',
    data: '/var/lib/mysql',
    ports: [3306, 33060],
    // Over TCP: the server that initializes does without network.
    health: ['CMD', 'mysqladmin', 'ping', '-h', '127.0.0.1', '--silent'],
    isDataStore: true,
  },
  {
    title: 'MariaDB',
    repositories: ['mariadb'],
    // https://github.com/MariaDB/mariadb-docker/blob/master/docker-entrypoint.sh
    stepsDownTo: '999:999',
    capabilities: stepDown,
    writes: ['/run/mysqld'],
    data: '/var/lib/mysql',
    ports: [3306],
    health: ['CMD', 'healthcheck.sh', '--connect', '--innodb_initialized'],
    isDataStore: true,
  },
  {
    title: 'MongoDB',
    repositories: ['mongo'],
    // https://github.com/docker-library/mongo/blob/master/8.0/docker-entrypoint.sh
    stepsDownTo: '999:999',
    capabilities: stepDown,
    memory: '1G',
    data: '/data/db',
    ports: [27017],
    // At the container's own address: the server that initializes listens on 127.0.0.1 alone.
    health: [
      'CMD-SHELL',
      'mongosh --quiet --host "$(hostname)" --eval "quit(db.adminCommand({ ping: 1 }).ok ? 0 : 2)"',
    ],
    isDataStore: true,
  },
  {
    title: 'Redis',
    repositories: ['redis', 'redis/redis-stack-server'],
    // https://github.com/redis/docker-library-redis/blob/release/8.0/debian/docker-entrypoint.sh
    stepsDownTo: '999:999',
    // Since 8 it empties its bounding set, which takes SETPCAP.
    capabilities: [...stepDown, 'SETPCAP'],
    data: '/data',
    ports: [6379],
    // The reply, because redis-cli ends with 0 after an error of the server.
    health: ['CMD-SHELL', 'redis-cli ping | grep -q PONG'],
    isDataStore: true,
    variants: [{ tag: alpine, facts: { stepsDownTo: '999:1000' } }],
  },
  {
    title: 'Valkey',
    repositories: ['valkey/valkey', 'valkey'],
    // https://github.com/valkey-io/valkey-container/blob/mainline/docker-entrypoint.sh
    stepsDownTo: '999:999',
    capabilities: stepDown,
    data: '/data',
    ports: [6379],
    health: ['CMD-SHELL', 'valkey-cli ping | grep -q PONG'],
    isDataStore: true,
    variants: [{ tag: alpine, facts: { stepsDownTo: '999:1000' } }],
  },
  {
    title: 'memcached',
    repositories: ['memcached'],
    // https://github.com/docker-library/memcached/blob/master/Dockerfile.template
    user: '11211:11211',
    ports: [11211],
    isDataStore: true,
  },
  {
    title: 'Apache Cassandra',
    repositories: ['cassandra'],
    // https://github.com/docker-library/cassandra/blob/master/docker-entrypoint.sh
    stepsDownTo: '999:999',
    capabilities: stepDown,
    writesRoot: 'its entrypoint edits /etc/cassandra/cassandra.yaml',
    executesTmp: true,
    memory: '4G',
    data: '/var/lib/cassandra',
    ports: [9042, 7000, 7001, 7199],
    health: ['CMD-SHELL', 'cqlsh -e "describe cluster"'],
    isDataStore: true,
  },
  {
    title: 'Apache CouchDB',
    repositories: ['couchdb', 'apache/couchdb'],
    // https://github.com/apache/couchdb-docker/blob/main/3.5.1/docker-entrypoint.sh
    stepsDownTo: '5984:5984',
    capabilities: stepDown,
    writesRoot: 'it writes /opt/couchdb/etc/local.d/docker.ini',
    data: '/opt/couchdb/data',
    ports: [5984, 4369, 9100],
    health: ['CMD', 'curl', '-fsS', 'http://127.0.0.1:5984/_up'],
    isDataStore: true,
  },
  {
    title: 'Neo4j',
    repositories: ['neo4j'],
    // https://github.com/neo4j/docker-neo4j/blob/dev/docker-image-src/calver/coredb/docker-entrypoint.sh
    stepsDownTo: '7474:7474',
    capabilities: stepDown,
    writesRoot: 'its entrypoint writes its configuration and /var/lib/neo4j/run',
    executesTmp: true,
    memory: '2G',
    data: '/data',
    ports: [7687, 7474, 7473],
    health: ['CMD-SHELL', 'wget -q -O /dev/null http://127.0.0.1:7474'],
    isDataStore: true,
  },
  {
    title: 'InfluxDB',
    repositories: ['influxdb'],
    // https://github.com/influxdata/influxdata-docker/blob/master/influxdb/2.7/entrypoint.sh
    stepsDownTo: '1000:1000',
    capabilities: stepDown,
    data: '/var/lib/influxdb2',
    ports: [8086],
    // At the container's own address: the server that initializes has another port.
    health: ['CMD', 'influx', 'ping'],
    isDataStore: true,
    variants: [
      {
        tag: /^1(?:\D|$)/,
        facts: {
          data: '/var/lib/influxdb',
          health: ['CMD', 'influx', '-execute', 'show databases'],
        },
      },
      { tag: /^3(?:\D|$)/, facts: { data: '/var/lib/influxdb3', ports: [8181] } },
    ],
  },
  {
    title: 'ClickHouse',
    repositories: ['clickhouse', 'clickhouse/clickhouse-server', 'yandex/clickhouse-server'],
    // https://github.com/ClickHouse/ClickHouse/blob/master/docker/server/entrypoint.sh
    stepsDownTo: '101:101',
    capabilities: stepDown,
    writesRoot: 'its entrypoint writes /etc/clickhouse-server/users.d and its logs',
    memory: '2G',
    data: '/var/lib/clickhouse',
    ports: [8123, 9000],
    // At the container's own address: the server that initializes listens on 127.0.0.1 alone.
    health: ['CMD-SHELL', 'wget -q -O /dev/null "http://$(hostname):8123/ping"'],
    isDataStore: true,
  },
  {
    title: 'CockroachDB',
    repositories: ['cockroachdb/cockroach'],
    // https://github.com/cockroachdb/cockroach/blob/master/build/deploy/cockroach.sh
    capabilities: asRoot,
    writesRoot: 'it keeps logs and data below /cockroach',
    memory: '2G',
    data: '/cockroach/cockroach-data',
    ports: [26257, 8080],
    isDataStore: true,
  },
  {
    title: 'Microsoft SQL Server',
    repositories: ['mssql/server', 'azure-sql-edge'],
    // https://learn.microsoft.com/sql/linux/sql-server-linux-docker-container-security
    user: '10001:0',
    fileCapabilities: ['NET_BIND_SERVICE', 'SYS_PTRACE'],
    writesRoot: 'it writes /var/opt/mssql and /.system',
    memory: '2G',
    data: '/var/opt/mssql',
    ports: [1433],
    isDataStore: true,
  },
  {
    title: 'Elasticsearch',
    repositories: ['elasticsearch', 'elasticsearch/elasticsearch'],
    // https://github.com/elastic/elasticsearch/blob/main/distribution/docker/src/docker/bin/docker-entrypoint.sh
    user: '1000:0',
    writesRoot: 'it creates config/elasticsearch.keystore and logs below its home',
    executesTmp: true,
    memory: '2G',
    data: '/usr/share/elasticsearch/data',
    ports: [9200, 9300],
    isDataStore: true,
  },
  {
    title: 'OpenSearch',
    repositories: ['opensearchproject/opensearch'],
    // https://github.com/opensearch-project/opensearch-build/blob/main/docker/release/config/opensearch/opensearch-docker-entrypoint-2.x.sh
    user: '1000:1000',
    writesRoot: 'its entrypoint writes certificates and a keystore to its configuration',
    executesTmp: true,
    memory: '2G',
    data: '/usr/share/opensearch/data',
    ports: [9200, 9300],
    isDataStore: true,
  },
  {
    title: 'Apache Solr',
    repositories: ['solr', 'apache/solr'],
    // https://github.com/apache/solr-docker/blob/main/9.10/Dockerfile
    user: '8983:8983',
    executesTmp: true,
    memory: '1G',
    data: '/var/solr',
    ports: [8983],
    isDataStore: true,
  },
  {
    title: 'Meilisearch',
    repositories: ['getmeili/meilisearch'],
    // https://github.com/meilisearch/meilisearch/blob/main/Dockerfile
    capabilities: asRoot,
    writes: ['/meili_data'],
    data: '/meili_data',
    ports: [7700],
    isDataStore: true,
  },
  {
    title: 'Qdrant',
    repositories: ['qdrant/qdrant'],
    // https://github.com/qdrant/qdrant/blob/master/Dockerfile
    capabilities: asRoot,
    writesRoot: 'it writes /qdrant/.qdrant-initialized and /qdrant/snapshots',
    data: '/qdrant/storage',
    ports: [6333, 6334],
    isDataStore: true,
    variants: [{ tag: /unprivileged/, facts: { user: '1000:3000' } }],
  },
]
