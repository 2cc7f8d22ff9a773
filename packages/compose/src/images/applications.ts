import { asRoot, type ImageFacts, masterOfWorkers, stepDown } from './facts.ts'

/** Servers of applications. */
export const applications: readonly ImageFacts[] = [
  {
    title: 'Keycloak',
    repositories: ['keycloak/keycloak'],
    // https://github.com/keycloak/keycloak/blob/main/quarkus/container/Dockerfile
    user: '1000:0',
    writesRoot: 'it builds itself below /opt/keycloak when it starts',
    executesTmp: true,
    memory: '2G',
    ports: [8080, 8443, 9000],
  },
  {
    title: 'Apache Tomcat',
    repositories: ['tomcat'],
    // https://github.com/docker-library/tomcat/blob/master/Dockerfile.template
    capabilities: asRoot,
    writesRoot: 'it unpacks applications below /usr/local/tomcat',
    executesTmp: true,
    memory: '1G',
    ports: [8080],
  },
  {
    title: 'MinIO',
    repositories: ['minio/minio'],
    // https://github.com/minio/minio/blob/master/dockerscripts/docker-entrypoint.sh
    capabilities: asRoot,
    writes: ['/data'],
    data: '/data',
    ports: [9000, 9001],
    health: ['CMD', 'curl', '-fsS', 'http://127.0.0.1:9000/minio/health/live'],
    isDataStore: true,
    hasHealthcheck: true,
  },
  {
    title: 'MinIO client',
    repositories: ['minio/mc'],
    // https://github.com/minio/mc/blob/master/Dockerfile.release
    writes: ['/root/.mc'],
    runsOnce: true,
  },
  {
    title: 'Vaultwarden',
    repositories: ['vaultwarden/server'],
    // https://github.com/dani-garcia/vaultwarden/blob/main/docker/Dockerfile.debian
    capabilities: ['DAC_OVERRIDE', 'NET_BIND_SERVICE'],
    writes: ['/data'],
    data: '/data',
    ports: [80],
    hasHealthcheck: true,
  },
  {
    title: 'Portainer',
    repositories: ['portainer/portainer-ce', 'portainer/portainer-ee', 'portainer/agent'],
    // https://github.com/portainer/portainer/blob/develop/build/linux/Dockerfile
    capabilities: asRoot,
    data: '/data',
    ports: [9443, 9000, 8000],
  },
  {
    title: 'pgAdmin 4',
    repositories: ['dpage/pgadmin4'],
    // https://github.com/pgadmin-org/pgadmin4/blob/master/Dockerfile
    user: '5050:5050',
    // Its Python has the capability, so that it may listen on port 80.
    fileCapabilities: ['NET_BIND_SERVICE'],
    writesRoot: 'its entrypoint writes /pgadmin4/config_distro.py',
    data: '/var/lib/pgadmin',
    ports: [80, 443],
  },
  {
    title: 'Mongo Express',
    repositories: ['mongo-express'],
    // https://github.com/mongo-express/mongo-express-docker/blob/master/1.0/20-alpine3.19/Dockerfile
    ports: [8081],
  },
  {
    title: 'n8n',
    repositories: ['n8nio/n8n'],
    // https://github.com/n8n-io/n8n/blob/master/docker/images/n8n/Dockerfile
    user: '1000:1000',
    writes: ['/home/node/.n8n', '/home/node/.cache'],
    memory: '1G',
    data: '/home/node/.n8n',
    ports: [5678],
  },
  {
    title: 'Node-RED',
    repositories: ['nodered/node-red'],
    // https://github.com/node-red/node-red-docker/blob/master/.docker/Dockerfile.alpine
    user: '1000:1000',
    writes: ['/data'],
    data: '/data',
    ports: [1880],
  },
  {
    title: 'Home Assistant',
    repositories: ['home-assistant/home-assistant', 'homeassistant/home-assistant'],
    // https://github.com/home-assistant/core/blob/dev/Dockerfile
    capabilities: masterOfWorkers,
    isProcessOne: true,
    writesRoot: 's6-overlay writes the root, and integrations are installed there',
    memory: '1G',
    data: '/config',
    ports: [8123],
  },
  {
    title: 'Pi-hole',
    repositories: ['pihole/pihole'],
    // https://github.com/pi-hole/docker-pi-hole/blob/master/src/Dockerfile
    capabilities: [...masterOfWorkers, 'NET_RAW', 'SETFCAP', 'SETPCAP', 'SYS_NICE'],
    gainsPrivileges: true,
    isProcessOne: true,
    writesRoot:
      'its start script writes /etc/pihole, /etc/dnsmasq.d and capabilities of its binary',
    data: '/etc/pihole',
    ports: [53, 80, 443],
    hasHealthcheck: true,
  },
  {
    title: 'AdGuard Home',
    repositories: ['adguard/adguardhome'],
    // https://github.com/AdguardTeam/AdGuardHome/blob/master/docker/Dockerfile
    capabilities: asRoot,
    fileCapabilities: ['NET_BIND_SERVICE'],
    writes: ['/opt/adguardhome/conf', '/opt/adguardhome/work'],
    data: '/opt/adguardhome/conf',
    ports: [53, 3000, 80],
  },
  {
    title: 'CoreDNS',
    repositories: ['coredns/coredns'],
    // https://github.com/coredns/coredns/blob/master/Dockerfile
    user: '65532:65532',
    fileCapabilities: ['NET_BIND_SERVICE'],
    ports: [53],
  },
  {
    title: 'SFTP',
    repositories: ['atmoz/sftp'],
    // https://github.com/atmoz/sftp/blob/master/files/entrypoint
    capabilities: [...masterOfWorkers, 'AUDIT_WRITE', 'SYS_CHROOT'],
    writesRoot: 'its entrypoint adds users to /etc/passwd',
    ports: [22],
  },
  {
    title: 'Minecraft server',
    repositories: ['itzg/minecraft-server'],
    // https://github.com/itzg/docker-minecraft-server/blob/master/scripts/start
    stepsDownTo: '1000:1000',
    capabilities: stepDown,
    writesRoot: 'its start script changes /etc/passwd',
    executesTmp: true,
    memory: '2G',
    data: '/data',
    ports: [25565],
    hasHealthcheck: true,
  },
]
