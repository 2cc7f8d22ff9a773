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
export type {
  Attached,
  ConfigSpec,
  ConfigValue,
  DependencySpec as DependencyOptions,
  DependencyValue,
  ModelSpec,
  ModelValue,
  MountOptions,
  MountValue,
  NetworkSpec,
  NetworkValue,
  PortSpec,
  SecretSpec,
  SecretValue,
  ServiceSpec,
  ServiceValue,
  VolumeSpec,
  VolumeValue,
} from './schema/author.gen.ts'
export { unhealthyAfter } from './unhealthy-after.ts'
export { attach } from './values/attach.ts'
export {
  type Authority,
  authority,
  type CertificatePair,
  type LeafOptions,
} from './values/authority.ts'
export { config } from './values/config.ts'
export {
  completed,
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
  HostPath,
  ImageWithFixedTagOrDigest,
  MountText,
  PortText,
  PullPolicy,
  Restart,
  Signal,
} from './values/literal.ts'
export { model } from './values/model.ts'
export { mount } from './values/mount.ts'
export { network } from './values/network.ts'
export { type PublishOptions, publish } from './values/publish.ts'
export { reference } from './values/reference.ts'
export { random, secret } from './values/secret.ts'
export {
  type BuiltServiceSpec,
  override,
  type ServiceOverride,
  service,
  serviceNamed,
} from './values/service.ts'
export { volume } from './values/volume.ts'
