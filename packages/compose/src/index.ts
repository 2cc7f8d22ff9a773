export { compose, swarm } from './compose.ts'
export type { ComposeOptions } from './compose-options.ts'
export * from './document.ts'
export { type PatchSpec, type PatchValue, patch } from './merge/patch.ts'
export { type Replacement, type Reset, replace, reset } from './merge/tag.ts'
export { type OverlayOptions, overlay } from './overlay.ts'
export { fromComposeSpec } from './parse/compose-spec.ts'
export { composeFormat, overlayFormat, printCompose } from './print.ts'
export { dotenvFormat } from './render/dotenv.ts'
export type { Declaration, Dotenv } from './render/dotenv-document.ts'
export { unhealthyAfter } from './unhealthy-after.ts'
export { type Attached, attach } from './values/attach.ts'
export {
  type Authority,
  authority,
  type CertificatePair,
  type LeafOptions,
} from './values/authority.ts'
export { type ConfigSpec, type ConfigValue, config } from './values/config.ts'
export {
  completed,
  type DependencyOptions,
  healthy,
  started,
} from './values/dependency.ts'
export {
  env,
  type Interpolation,
  interpolate,
  isInterpolation,
  required,
  type Variable,
  whenSet,
} from './values/interpolation.ts'
export { type JobSpec, job } from './values/job.ts'
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
} from './values/literal.ts'
export { type ModelSpec, type ModelValue, model } from './values/model.ts'
export {
  type HostPath,
  type MountOptions,
  type MountText,
  type MountValue,
  mount,
} from './values/mount.ts'
export { type NetworkSpec, type NetworkValue, network } from './values/network.ts'
export { type PortSpec, type PublishOptions, publish } from './values/publish.ts'
export { reference } from './values/reference.ts'
export { random, type SecretSpec, type SecretValue, secret } from './values/secret.ts'
export {
  type BuiltServiceSpec,
  type DependencyValue,
  override,
  type ServiceOverride,
  type ServiceSpec,
  type ServiceValue,
  service,
  serviceNamed,
} from './values/service.ts'
export { type VolumeSpec, type VolumeValue, volume } from './values/volume.ts'
