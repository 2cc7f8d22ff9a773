export {
  type Cluster,
  type ClusterNode,
  type ClusterOptions,
  cluster,
  isCluster,
} from './cluster.ts'
export { distributionPort, type NodeOptions } from './node-service.ts'
export {
  type HighlyAvailable,
  type HighlyAvailableOptions,
  highlyAvailable,
} from './swarm/highly-available.ts'
export {
  type RollingUpdate,
  type RollingUpdateOptions,
  rollingUpdate,
} from './swarm/rolling-update.ts'
export {
  type SwarmCluster,
  type SwarmClusterOptions,
  swarmCluster,
} from './swarm/swarm-cluster.ts'
export {
  type BlueGreenOptions,
  blueGreen,
  type CanaryOptions,
  canary,
  isTraffic,
  type Traffic,
  type Version,
} from './traffic/traffic.ts'
