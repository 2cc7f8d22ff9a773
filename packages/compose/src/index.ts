export { type Attached, attach } from './attach.ts'
export { type Authority, authority, type CertificatePair, type LeafOptions } from './authority.ts'
export { type ComposeOptions, compose, swarm } from './compose.ts'
export { fromComposeSpec } from './compose-spec.ts'
export { type ConfigSpec, type ConfigValue, config } from './config.ts'
export {
  completed,
  type DependencyOptions,
  type DependencyValue,
  healthy,
  started,
} from './dependency.ts'
export * from './document.ts'
export { type Declaration, type Dotenv, dotenvFormat } from './dotenv.ts'
export { milliseconds, noticedAfter } from './duration.ts'
export {
  env,
  type Interpolation,
  interpolate,
  isInterpolation,
  required,
  type Variable,
  whenSet,
} from './interpolation.ts'
export { type JobSpec, job } from './job.ts'
export type {
  ByteSize,
  Capability,
  Count,
  Duration,
  ImageWithFixedTagOrDigest,
  PortText,
  PullPolicy,
  Restart,
  Signal,
} from './literal.ts'
export { type PatchSpec, type PatchValue, patch } from './merge/patch.ts'
export { type Replacement, type Reset, replace, reset } from './merge/tag.ts'
export { type ModelSpec, type ModelValue, model } from './model.ts'
export {
  type HostPath,
  type MountOptions,
  type MountText,
  type MountValue,
  mount,
} from './mount.ts'
export { type NetworkSpec, type NetworkValue, network } from './network.ts'
export { type OverlayOptions, overlay } from './overlay.ts'
export { composeFormat, overlayFormat, printCompose } from './print.ts'
export { type PortSpec, type PublishOptions, publish } from './publish.ts'
export { reference } from './reference.ts'
export { random, type SecretSpec, type SecretValue, secret } from './secret.ts'
export {
  type BuiltServiceSpec,
  override,
  type ServiceOverride,
  type ServiceSpec,
  type ServiceValue,
  service,
  serviceNamed,
} from './service.ts'
export { type VolumeSpec, type VolumeValue, volume } from './volume.ts'
