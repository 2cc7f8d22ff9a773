/** Keys of a service that a stack file has, as the docker CLI's schema has them (3.13). */
export const stackKeys: ReadonlySet<string> = new Set([
  ...['cap_add', 'cap_drop', 'command', 'configs', 'credential_spec', 'deploy', 'dns'],
  ...['dns_search', 'entrypoint', 'env_file', 'environment', 'extra_hosts', 'healthcheck'],
  ...['hostname', 'image', 'init', 'isolation', 'labels', 'logging', 'networks', 'ports'],
  ...['read_only', 'secrets', 'stdin_open', 'stop_grace_period', 'stop_signal', 'sysctls', 'tty'],
  ...['ulimits', 'user', 'volumes', 'working_dir'],
])

/** Keys that the docker CLI takes and then ignores, and what to do instead. */
export const ignored: Readonly<Record<string, string>> = {
  cgroup_parent: 'A swarm has no cgroup parents.',
  container_name: 'A task has a name of its own: reach it by the name of its service.',
  devices: 'A swarm passes no devices: bind-mount the device node, or run it with compose.',
  domainname: 'Put the domain into `hostname`.',
  expose: 'Services of one network reach each other on every port.',
  external_links: 'Put both on one network.',
  ipc: 'Each task has an IPC namespace of its own.',
  links: 'Services of one network know each other by name.',
  mac_address: 'A swarm gives addresses itself.',
  network_mode: 'Use `networks`; for the host network, the external network `host`.',
  pid: 'Each task has a PID namespace of its own.',
  privileged: 'A swarm runs no privileged container: add the capability that is needed.',
  security_opt: 'Set `"no-new-privileges": true` in the daemon.json of every node.',
  shm_size: 'Mount a tmpfs at /dev/shm.',
  userns_mode: 'Remap users in the daemon.json of every node.',
}

/** Keys that make the docker CLI refuse the file, and what to do instead. */
export const refusals: Readonly<Record<string, string>> = {
  extends: 'Use change(base, { … }), which needs no key.',
  profiles: 'Every service of a stack file is deployed: make one file for each set.',
  volumes_from: 'Mount the same volume in both services.',
  provider: 'Make what it provides before the stack is deployed.',
  develop: '`docker compose watch` is for compose files.',
  pre_start: 'Do it in the entrypoint, or in a service of mode `replicated-job`.',
  post_start: 'Do it in the entrypoint.',
  pre_stop: 'Do it when the stop signal arrives.',
}

/** Keys without which a service has other rights, another place or other neighbours than its author meant. */
export const meaningful: ReadonlySet<string> = new Set([
  ...['cgroup', 'cgroup_parent', 'device_cgroup_rules', 'devices', 'gpus', 'group_add', 'ipc'],
  ...['network_mode', 'pid', 'post_start', 'pre_start', 'pre_stop', 'privileged', 'profiles'],
  ...['provider', 'runtime', 'security_opt', 'shm_size', 'use_api_socket', 'userns_mode', 'uts'],
  ...['volumes_from'],
])

/** What a stack file takes of an attachment, a network and an address pool. */
export const attachmentKeys = ['aliases', 'ipv4_address', 'ipv6_address', 'driver_opts'] as const
export const networkKeys = [
  ...(['name', 'driver', 'driver_opts', 'ipam', 'external', 'internal', 'attachable'] as const),
  'labels',
] as const
