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
} from './dockerfile/bases.ts'
export { type ErlangImage, erlangImage } from './image.ts'
export type {
  ErlangImageOptions,
  HealthOptions,
  ImageLabels,
  PackageOptions,
} from './options.ts'
