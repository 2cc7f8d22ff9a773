export type { Deployment } from '@erlmcp/docker'
export {
  type DeployOptions,
  deployStack,
  readStackStatus,
  rollBackStack,
  type SwarmReport,
} from './swarm/deploy-stack.ts'
export type { ServiceOutcome } from './swarm/service-outcome.ts'
export type { FailedTask, ServiceState } from './swarm/service-state.ts'
export type { SwarmDeployment } from './swarm/stack-file.ts'
export {
  type ShiftOptions,
  setTrafficWeight,
  showTraffic,
  switchTraffic,
  type TrafficReport,
  type VersionState,
} from './traffic/shift-traffic.ts'
export { describeFailures, type ServiceDiagnosis } from './up/diagnose-services.ts'
export type { LikelyCause } from './up/likely-cause.ts'
export { startProject, stopProject, type UpOptions, type UpReport } from './up/start-project.ts'
export { startCluster } from './verify/start-cluster.ts'
export { type ClusterCheck, type ClusterReport, verifyCluster } from './verify/verify-cluster.ts'
