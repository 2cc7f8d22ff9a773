import { highlyAvailable, rollingUpdate, swarmCluster } from '@erlmcp/cluster'
import {
  type Authority,
  attach,
  config,
  env,
  healthy,
  interpolate,
  type NetworkValue,
  override,
  publish,
  type SecretValue,
  type ServiceValue,
  service,
} from '@erlmcp/compose'
import { textFile } from '@erlmcp/core'

interface Parts {
  readonly app: ServiceValue
  readonly db: ServiceValue
  readonly cache: ServiceValue
  readonly edge: NetworkValue
  readonly authority: Authority
  readonly cookie: SecretValue
}

/** The system on a swarm of three nodes: the application as a cluster, its stores, and the way in. */
export function replicas({ app, db, cache, edge, authority, cookie }: Parts) {
  const [pinnedDb, pinnedCache] = [pinned(db), pinned(cache)]
  const { healthcheck, deploy, environment } = app.spec
  const cluster = swarmCluster('erlmcp', {
    replicas: 3,
    authority,
    cookie,
    service: override(app, {
      // A version in a registry, by its digest; what is built here, every node has to have.
      build: undefined,
      image: interpolate`${env('ERLMCP_IMAGE', 'erlmcp:3.0.0', { description: 'image of a swarm' })}`,
      user: '1000:1000',
      depends_on: [healthy(pinnedDb), healthy(pinnedCache)],
      // Clients come through the load balancer. What a replica knows is in PostgreSQL.
      ports: undefined,
      volumes: undefined,
      tmpfs: ['/tmp:size=64m,mode=1777', '/var/lib/erlmcp:size=64m', '/var/log/erlmcp:size=64m'],
      // Ready no more, a replica serves until the load balancer has seen it.
      environment: { ...(environment as object), ERLMCP_DRAIN_MS: 5000 },
      deploy: {
        ...deploy,
        // Its tasks are found by DNS, so it needs no virtual address.
        endpoint_mode: 'dnsrr',
        ...rollingUpdate({ healthcheck }),
        ...highlyAvailable({ nodes: 3 }),
      },
    }),
  })
  return { cluster, services: [cluster.service, pinnedDb, pinnedCache, balancer(edge)] }
}

/** Where its volume is: on the node with the label `data`. There is one, so the old task goes first. */
function pinned(store: ServiceValue): ServiceValue {
  const { deploy, healthcheck } = store.spec
  return override(store, {
    deploy: {
      ...deploy,
      endpoint_mode: 'dnsrr',
      placement: { constraints: ['node.labels.data == true'] },
      ...rollingUpdate({ healthcheck, order: 'stop-first' }),
    },
  })
}

/**
 * HAProxy on every node, on a port of that node itself. It asks the DNS for the tasks and the tasks
 * whether they are ready; a request whose connection is refused goes to the next one.
 */
function balancer(edge: NetworkValue): ServiceValue {
  const file = textFile('docker/haproxy/haproxy.cfg', haproxy, { comment: '#' })
  const healthcheck = {
    test: ['CMD', 'bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/8404'],
    interval: '5s',
    timeout: '3s',
    retries: 3,
    start_period: '30s',
    start_interval: '1s',
  } as const
  return service('haproxy', {
    image: 'haproxy:3.0',
    user: '99:99',
    networks: [edge],
    ports: [publish(env('ERLMCP_PORT', 8080), 8080, { mode: 'host' })],
    configs: [
      attach(config('haproxy', { document: file }), {
        target: '/usr/local/etc/haproxy/haproxy.cfg',
      }),
    ],
    healthcheck,
    deploy: {
      mode: 'global',
      endpoint_mode: 'dnsrr',
      // A port of a node is one task's.
      ...rollingUpdate({ healthcheck, order: 'stop-first' }),
    },
  })
}

const haproxy = `global
    log stdout format raw local0 notice
    maxconn 4096
    # Within the 30 s that a container has to stop.
    hard-stop-after 25s

defaults
    mode http
    log global
    option httplog
    option dontlog-normal
    timeout connect 2s
    timeout check 2s
    timeout http-request 10s
    timeout http-keep-alive 1m
    # Of a stream of events nothing may come for minutes.
    timeout client 5m
    timeout server 5m

resolvers docker
    nameserver engine 127.0.0.11:53
    accepted_payload_size 8192
    timeout resolve 500ms
    timeout retry 500ms
    hold valid 500ms

frontend web
    bind :8080
    default_backend erlmcp

frontend health
    bind 127.0.0.1:8404
    no log
    http-request return status 200

backend erlmcp
    balance leastconn
    option httpchk
    http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host localhost
    http-check expect status 200
    # What was refused has not been done, whatever it was: another one may do it.
    retry-on conn-failure
    retries 3
    option redispatch 1
    # No connection waits that the other side may be closing.
    http-reuse never
    default-server check port 9090 inter 1s fastinter 500ms rise 1 fall 1
    server-template erlmcp- 20 tasks.erlmcp:8080 resolvers docker init-addr none
`
