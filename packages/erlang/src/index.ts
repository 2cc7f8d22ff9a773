export type { EmulatorFlags } from './config/emulator-flags.ts'
export {
  type OsVariable,
  type OsVariableKind,
  type OsVariableOptions,
  osVariable,
} from './config/os-variable.ts'
export type { SysConfig } from './config/sys-config.ts'
export * as erl from './config/term.ts'
export type { KernelParameters, VmArgs } from './config/vm-args.ts'
export type {
  Bases,
  Digest,
  Flavour,
  NamedBases,
  OtpVersion,
} from './image/bases.ts'
export { type ErlangImage, erlangImage } from './image.ts'
export type {
  ErlangImageOptions,
  HealthOptions,
  ImageLabels,
  PackageOptions,
} from './options.ts'
export type { Application } from './project/application.ts'
export type { BuildInputs } from './project/build-inputs.ts'
export type { Dependency } from './project/dependency.ts'
export { findRelease } from './project/find-release.ts'
export { type ProjectFolder, projectFolder } from './project/folder.ts'
export type { Hook } from './project/hook.ts'
export { decodeTerms, parseTerms, type TermNode } from './project/parse-terms.ts'
export type { ErlangProject, ProjectNote, Stated } from './project/project.ts'
export { type ReadProjectOptions, readErlangProject } from './project/read-project.ts'
export type { Overlay, Release } from './project/release.ts'
export { type FileVariable, readSysConfig, type SysConfigFile } from './project/sys-config-file.ts'
export type { Version } from './project/version.ts'
export { readVmArgs, type VmArgsFile, type VmFlag } from './project/vm-args-file.ts'
