import { asRoot, type ImageFacts, stepDown } from './facts.ts'

/** Metrics, logs and traces. */
export const monitoring: readonly ImageFacts[] = [
  {
    title: 'Prometheus',
    repositories: ['prom/prometheus', 'prometheus/prometheus'],
    // https://github.com/prometheus/prometheus/blob/main/Dockerfile
    user: '65534:65534',
    data: '/prometheus',
    ports: [9090],
    health: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:9090/-/ready'],
    isDataStore: true,
  },
  {
    title: 'Alertmanager',
    repositories: ['prom/alertmanager', 'prometheus/alertmanager'],
    // https://github.com/prometheus/alertmanager/blob/main/Dockerfile
    user: '65534:65534',
    data: '/alertmanager',
    ports: [9093],
    health: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:9093/-/ready'],
    isDataStore: true,
  },
  {
    title: 'node_exporter',
    repositories: ['prom/node-exporter', 'prometheus/node-exporter'],
    // https://github.com/prometheus/node_exporter/blob/master/Dockerfile
    user: '65534:65534',
    ports: [9100],
    isDataStore: true,
  },
  {
    title: 'Prometheus exporter',
    repositories: [
      'prom/pushgateway',
      'prom/statsd-exporter',
      'prom/mysqld-exporter',
      'prometheuscommunity/postgres-exporter',
      'prometheuscommunity/elasticsearch-exporter',
      'prom/memcached-exporter',
    ],
    // https://github.com/prometheus-community/postgres_exporter/blob/master/Dockerfile
    user: '65534:65534',
  },
  {
    title: 'Blackbox exporter',
    repositories: ['prom/blackbox-exporter', 'prometheus/blackbox-exporter'],
    // https://github.com/prometheus/blackbox_exporter/blob/master/Dockerfile
    capabilities: ['NET_RAW'],
    ports: [9115],
  },
  {
    title: 'Redis exporter',
    repositories: ['oliver006/redis_exporter'],
    // https://github.com/oliver006/redis_exporter/blob/master/docker/Dockerfile
    user: '59000:59000',
    ports: [9121],
  },
  {
    title: 'cAdvisor',
    repositories: ['cadvisor/cadvisor', 'google/cadvisor'],
    // https://github.com/google/cadvisor/blob/master/deploy/Dockerfile
    capabilities: ['DAC_OVERRIDE', 'SYS_PTRACE'],
    ports: [8080],
  },
  {
    title: 'Grafana',
    repositories: ['grafana/grafana', 'grafana/grafana-oss', 'grafana/grafana-enterprise'],
    // https://github.com/grafana/grafana/blob/main/Dockerfile
    user: '472:0',
    writes: ['/var/lib/grafana'],
    data: '/var/lib/grafana',
    ports: [3000],
  },
  {
    title: 'Grafana Loki',
    repositories: ['grafana/loki'],
    // https://github.com/grafana/loki/blob/main/cmd/loki/Dockerfile
    user: '10001:10001',
    writes: ['/loki'],
    data: '/loki',
    ports: [3100, 9095],
  },
  {
    title: 'Grafana Tempo',
    repositories: ['grafana/tempo'],
    // https://github.com/grafana/tempo/blob/main/cmd/tempo/Dockerfile
    user: '10001:10001',
    writes: ['/var/tempo'],
    data: '/var/tempo',
    ports: [3200, 4317, 4318],
  },
  {
    title: 'Promtail',
    repositories: ['grafana/promtail'],
    // https://github.com/grafana/loki/blob/main/clients/cmd/promtail/Dockerfile
    capabilities: asRoot,
    writes: ['/run/promtail'],
    ports: [9080],
  },
  {
    title: 'Grafana Alloy',
    repositories: ['grafana/alloy'],
    // https://github.com/grafana/alloy/blob/main/Dockerfile
    capabilities: asRoot,
    writes: ['/var/lib/alloy'],
    data: '/var/lib/alloy',
    ports: [12345],
  },
  {
    title: 'Jaeger',
    repositories: ['jaegertracing/jaeger', 'jaegertracing/all-in-one', 'jaegertracing/jaeger-*'],
    // https://github.com/jaegertracing/jaeger/blob/main/cmd/jaeger/Dockerfile
    user: '10001:10001',
    ports: [16686, 4317, 4318],
  },
  {
    title: 'OpenTelemetry Collector',
    repositories: ['otel/opentelemetry-collector', 'otel/opentelemetry-collector-*'],
    // https://github.com/open-telemetry/opentelemetry-collector-releases/blob/main/distributions/otelcol/Dockerfile
    user: '10001:10001',
    ports: [4317, 4318],
  },
  {
    title: 'Zipkin',
    repositories: ['openzipkin/zipkin', 'openzipkin/zipkin-slim'],
    // https://github.com/openzipkin/zipkin/blob/master/docker/Dockerfile
    user: '1000:1000',
    executesTmp: true,
    ports: [9411],
  },
  {
    title: 'Kibana',
    repositories: ['kibana', 'kibana/kibana'],
    // https://github.com/elastic/kibana/blob/main/src/dev/build/tasks/os_packages/docker_generator/templates/base/Dockerfile
    user: '1000:0',
    writesRoot: 'it writes data and a keystore below /usr/share/kibana',
    memory: '2G',
    ports: [5601],
  },
  {
    title: 'Logstash',
    repositories: ['logstash', 'logstash/logstash'],
    // https://github.com/elastic/logstash/blob/main/docker/templates/Dockerfile.erb
    user: '1000:0',
    writesRoot: 'its entrypoint writes config/logstash.yml from variables',
    executesTmp: true,
    memory: '2G',
    ports: [5044, 9600],
  },
  {
    title: 'Fluent Bit',
    repositories: ['fluent/fluent-bit'],
    // https://github.com/fluent/fluent-bit/blob/master/dockerfiles/Dockerfile
    capabilities: asRoot,
    ports: [2020, 24224],
  },
  {
    title: 'Fluentd',
    repositories: ['fluent/fluentd', 'fluentd'],
    // https://github.com/fluent/fluentd-docker-image/blob/master/Dockerfile.template.erb
    user: '999:999',
    writes: ['/fluentd/log'],
    ports: [24224],
    variants: [{ tag: /alpine|^v1\.\d+-\d/, facts: { user: '100:101' } }],
  },
  {
    title: 'Vector',
    repositories: ['timberio/vector'],
    // https://github.com/vectordotdev/vector/blob/master/distribution/docker/alpine/Dockerfile
    capabilities: asRoot,
    writes: ['/var/lib/vector'],
    data: '/var/lib/vector',
    ports: [8686],
  },
  {
    title: 'Telegraf',
    repositories: ['telegraf'],
    // https://github.com/influxdata/influxdata-docker/blob/master/telegraf/1.39/entrypoint.sh
    stepsDownTo: '999:999',
    capabilities: stepDown,
    ports: [8125, 8092, 8094],
  },
  {
    title: 'Netdata',
    repositories: ['netdata/netdata'],
    // https://github.com/netdata/netdata/blob/master/packaging/docker/run.sh
    stepsDownTo: '201:201',
    capabilities: [...stepDown, 'SYS_PTRACE'],
    writesRoot: 'its start script adds groups, and it writes /var/cache, /var/lib and /etc/netdata',
    ports: [19999],
    hasHealthcheck: true,
  },
  {
    title: 'Uptime Kuma',
    repositories: ['louislam/uptime-kuma'],
    // https://github.com/louislam/uptime-kuma/blob/master/extra/entrypoint.sh
    capabilities: stepDown,
    writes: ['/app/data'],
    data: '/app/data',
    ports: [3001],
    hasHealthcheck: true,
  },
]
