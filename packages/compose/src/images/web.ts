import { asRoot, type ImageFacts, masterOfWorkers, stepDown } from './facts.ts'

// The templates of nginx are rendered there, which is silently left out where it cannot be written.
const nginxTemplates = { '/etc/nginx/templates': '/etc/nginx/conf.d' }

/** Web servers, proxies, and applications behind Apache httpd. */
export const web: readonly ImageFacts[] = [
  {
    title: 'nginx',
    repositories: ['nginx', 'nginx/nginx'],
    // https://github.com/nginx/docker-nginx/blob/master/mainline/debian/Dockerfile
    stepsDownTo: '101:101',
    capabilities: masterOfWorkers,
    writes: ['/var/cache/nginx', '/run'],
    writesFor: nginxTemplates,
    ports: [80, 443],
  },
  {
    title: 'nginx without root',
    repositories: ['nginxinc/nginx-unprivileged', 'nginx/nginx-unprivileged'],
    // https://github.com/nginx/docker-nginx-unprivileged/blob/main/mainline/debian/Dockerfile
    user: '101:101',
    writesFor: nginxTemplates,
    ports: [8080],
  },
  {
    title: 'Apache httpd',
    repositories: ['httpd'],
    // https://github.com/docker-library/httpd/blob/master/2.4/Dockerfile
    stepsDownTo: '33:33',
    capabilities: masterOfWorkers,
    writes: ['/usr/local/apache2/logs'],
    ports: [80],
  },
  {
    title: 'Caddy',
    repositories: ['caddy'],
    // https://github.com/caddyserver/caddy-docker/blob/master/2.11/alpine/Dockerfile
    capabilities: asRoot,
    fileCapabilities: ['NET_BIND_SERVICE'],
    writes: ['/config', '/data'],
    data: '/data',
    ports: [80, 443, 2019],
  },
  {
    title: 'Traefik',
    repositories: ['traefik'],
    // https://github.com/traefik/traefik-library-image/blob/master/v3.7/alpine/Dockerfile
    capabilities: ['DAC_OVERRIDE', 'NET_BIND_SERVICE'],
    ports: [80],
  },
  {
    title: 'HAProxy',
    repositories: ['haproxy', 'haproxytech/haproxy-alpine', 'haproxytech/haproxy-debian'],
    // https://github.com/docker-library/haproxy/blob/master/Dockerfile.template
    user: '99:99',
    variants: [
      {
        tag: /^(?:1\.|2\.[0-3](?:\D|$))/,
        facts: { user: undefined, capabilities: masterOfWorkers },
      },
    ],
  },
  {
    title: 'Envoy',
    repositories: ['envoyproxy/envoy'],
    // https://github.com/envoyproxy/envoy/blob/main/distribution/docker/docker-entrypoint.sh
    stepsDownTo: '101:101',
    capabilities: stepDown,
    ports: [10000],
    variants: [{ tag: /distroless/, facts: { user: '65532:65532' } }],
  },
  {
    title: 'Varnish',
    repositories: ['varnish'],
    // https://github.com/varnish/docker-varnish/blob/master/fresh/debian/Dockerfile
    user: '1000:1000',
    // Its configuration is compiled to a library there, and loaded.
    writes: ['/var/lib/varnish:exec'],
    ports: [80, 8443],
  },
  {
    title: 'Kong',
    repositories: ['kong', 'kong/kong-gateway'],
    // https://github.com/Kong/docker-kong/blob/master/docker-entrypoint.sh
    user: '1000:1000',
    writesRoot: 'it writes its prefix, /usr/local/kong',
    memory: '1G',
    ports: [8000, 8443, 8001],
    hasHealthcheck: true,
  },
  {
    title: 'nginx-proxy',
    repositories: ['nginxproxy/nginx-proxy', 'jwilder/nginx-proxy'],
    // https://github.com/nginx-proxy/nginx-proxy/blob/main/Dockerfile.debian
    capabilities: masterOfWorkers,
    writesRoot: 'docker-gen writes /etc/nginx/conf.d',
    ports: [80, 443],
  },
  {
    title: 'Nginx Proxy Manager',
    repositories: ['jc21/nginx-proxy-manager'],
    // https://github.com/NginxProxyManager/nginx-proxy-manager/blob/develop/docker/Dockerfile
    capabilities: masterOfWorkers,
    isProcessOne: true,
    writesRoot: 's6-overlay and its start scripts write the root',
    data: '/data',
    ports: [80, 81, 443],
  },
  {
    title: 'cloudflared',
    repositories: ['cloudflare/cloudflared'],
    // https://github.com/cloudflare/cloudflared/blob/master/Dockerfile
    user: '65532:65532',
  },
  {
    title: 'Certbot',
    repositories: ['certbot/*'],
    // https://github.com/certbot/certbot/blob/main/tools/docker/core/Dockerfile
    capabilities: asRoot,
    runsOnce: true,
    writesRoot: 'it writes /etc/letsencrypt, /var/lib/letsencrypt and /var/log/letsencrypt',
  },
  {
    title: 'PHP',
    repositories: ['php'],
    // https://github.com/docker-library/php/blob/master/Dockerfile-linux.template
    capabilities: asRoot,
    variants: [
      {
        tag: /apache/,
        facts: {
          stepsDownTo: '33:33',
          capabilities: masterOfWorkers,
          writes: ['/run'],
          ports: [80],
        },
      },
      { tag: /fpm/, facts: { stepsDownTo: '33:33', capabilities: masterOfWorkers, ports: [9000] } },
      { tag: /fpm-alpine/, facts: { stepsDownTo: '82:82' } },
    ],
  },
  {
    title: 'WordPress',
    repositories: ['wordpress'],
    // https://github.com/docker-library/wordpress/blob/master/docker-entrypoint.sh
    stepsDownTo: '33:33',
    capabilities: masterOfWorkers,
    writes: ['/run'],
    data: '/var/www/html',
    ports: [80],
    variants: [
      { tag: /fpm/, facts: { ports: [9000] } },
      { tag: /fpm-alpine/, facts: { stepsDownTo: '82:82' } },
      { tag: /^cli/, facts: { user: '33:33', runsOnce: true } },
    ],
  },
  {
    title: 'Joomla',
    repositories: ['joomla'],
    // https://github.com/joomla-docker/docker-joomla/blob/main/docker-entrypoint.sh
    stepsDownTo: '33:33',
    capabilities: masterOfWorkers,
    writes: ['/run'],
    data: '/var/www/html',
    ports: [80],
  },
  {
    title: 'Drupal',
    repositories: ['drupal'],
    // https://github.com/docker-library/drupal/blob/master/Dockerfile.template
    stepsDownTo: '33:33',
    capabilities: masterOfWorkers,
    writesRoot: 'it writes sites/default below /opt/drupal/web',
    ports: [80],
  },
  {
    title: 'Nextcloud',
    repositories: ['nextcloud'],
    // https://github.com/nextcloud/docker/blob/master/docker-entrypoint.sh
    stepsDownTo: '33:33',
    // It uses su, whose PAM modules write to the audit log.
    capabilities: [...masterOfWorkers, 'AUDIT_WRITE'],
    writesRoot: 'its entrypoint writes settings of PHP and Apache httpd',
    memory: '1G',
    data: '/var/www/html',
    ports: [80],
  },
  {
    title: 'phpMyAdmin',
    repositories: ['phpmyadmin', 'phpmyadmin/phpmyadmin'],
    // https://github.com/phpmyadmin/docker/blob/master/apache/docker-entrypoint.sh
    stepsDownTo: '33:33',
    capabilities: masterOfWorkers,
    writesRoot: 'its entrypoint writes /etc/phpmyadmin and settings of PHP',
    ports: [80],
  },
  {
    title: 'Adminer',
    repositories: ['adminer'],
    // https://github.com/TimWolla/docker-adminer/blob/master/5/entrypoint.sh
    user: '100:101',
    ports: [8080],
  },
  {
    title: 'Ghost',
    repositories: ['ghost'],
    // https://github.com/docker-library/ghost/blob/master/docker-entrypoint.sh
    stepsDownTo: '1000:1000',
    capabilities: stepDown,
    data: '/var/lib/ghost/content',
    ports: [2368],
  },
]
