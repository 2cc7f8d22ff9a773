import { type ImageFacts, masterOfWorkers } from './facts.ts'

/** Images of vendors that build all of theirs alike. */
export const vendors: readonly ImageFacts[] = [
  {
    title: 'Bitnami',
    repositories: ['bitnami/*', 'bitnamilegacy/*', 'bitnamisecure/*'],
    // https://github.com/bitnami/containers
    user: '1001:0',
    writesRoot: 'its scripts write below /opt/bitnami',
    executesTmp: true,
  },
  {
    title: 'Bitnami Java',
    repositories: [
      'cassandra',
      'elasticsearch',
      'kafka',
      'keycloak',
      'neo4j',
      'opensearch',
      'solr',
      'sonarqube',
      'zookeeper',
    ].flatMap((name) => [`bitnami/${name}`, `bitnamilegacy/${name}`, `bitnamisecure/${name}`]),
    // https://github.com/bitnami/containers
    user: '1001:0',
    writesRoot: 'its scripts write below /opt/bitnami',
    executesTmp: true,
    memory: '2G',
  },
  {
    title: 'LinuxServer.io',
    repositories: ['linuxserver/*', 'hotio/*'],
    // https://github.com/linuxserver/docker-baseimage-alpine/blob/master/Dockerfile
    capabilities: masterOfWorkers,
    isProcessOne: true,
    writesRoot: 's6-overlay writes /run and the users of the root',
    executesTmp: true,
    data: '/config',
  },
  {
    title: 'jlesage base image',
    repositories: ['jlesage/*'],
    // https://github.com/jlesage/docker-baseimage/blob/master/rootfs/init
    capabilities: masterOfWorkers,
    isProcessOne: true,
    writesRoot: 'its init writes /etc/passwd and /run',
    data: '/config',
  },
  {
    title: 'Image with systemd',
    repositories: [
      'jrei/systemd-*',
      'geerlingguy/docker-*',
      'kindest/node',
      'ubi8-init',
      'ubi9-init',
      'ubi8/ubi-init',
      'ubi9/ubi-init',
    ],
    // https://systemd.io/CONTAINER_INTERFACE/
    capabilities: masterOfWorkers,
    isProcessOne: true,
    writesRoot: 'systemd writes /run and /etc',
  },
  {
    title: 'Phusion base image',
    repositories: ['phusion/*'],
    // https://github.com/phusion/baseimage-docker/blob/master/image/bin/my_init
    capabilities: masterOfWorkers,
    isProcessOne: true,
    writesRoot: 'my_init writes /etc/container_environment',
  },
  {
    title: 'Chainguard',
    repositories: ['chainguard/*'],
    // https://edu.chainguard.dev/chainguard/chainguard-images/
    user: '65532:65532',
  },
]
