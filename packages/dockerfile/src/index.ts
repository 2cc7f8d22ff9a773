export { type AddOptions, add, type CopyOptions, copy, inline } from './copy.ts'
export {
  type DockerfileOptions,
  type DockerfileSource,
  dockerfile,
  dockerfileFormat,
} from './dockerfile.ts'
export type * from './document.ts'
export type {
  Bases,
  Digest,
  Flavour,
  NamedBases,
  OtpVersion,
} from './erlang/bases.ts'
export type { EmulatorFlags } from './erlang/emulator-flags.ts'
export { type ErlangImage, erlangImage } from './erlang/image.ts'
export type {
  ErlangImageOptions,
  HealthOptions,
  ImageLabels,
  PackageOptions,
} from './erlang/options.ts'
export {
  type OsVariable,
  type OsVariableKind,
  type OsVariableOptions,
  osVariable,
} from './erlang/os-variable.ts'
export type { SysConfig } from './erlang/sys-config.ts'
export * as erl from './erlang/term.ts'
export type { KernelParameters, VmArgs } from './erlang/vm-args.ts'
export {
  arg,
  cmd,
  entrypoint,
  env,
  expose,
  type HealthcheckOptions,
  healthcheck,
  label,
  onbuild,
  shell,
  stopsignal,
  user,
  volume,
  workdir,
} from './instruction.ts'
export { type MountValue, mount } from './mount.ts'
export { print } from './print.ts'
export { rules } from './rules/index.ts'
export { type RunOptions, run } from './run.ts'
export {
  type BuildContext,
  comment,
  context,
  type From,
  type Stage,
  type StageOptions,
  stage,
} from './stage.ts'
export { heredoc, literalOf, type RefOptions, ref, template, variablesOf } from './text.ts'
export type {
  AbsolutePath,
  Duration,
  Dynamic,
  FileMode,
  ImageReference,
  Platform,
  Port,
  Signal,
  Size,
} from './words.ts'
