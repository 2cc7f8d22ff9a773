export type {
  Bases,
  Digest,
  Flavour,
  NamedBases,
  OtpVersion,
} from './bases.ts'
export type { EmulatorFlags } from './emulator-flags.ts'
export { type ErlangImage, erlangImage } from './image.ts'
export type {
  ErlangImageOptions,
  HealthOptions,
  ImageLabels,
  PackageOptions,
} from './options.ts'
export {
  type OsVariable,
  type OsVariableKind,
  type OsVariableOptions,
  osVariable,
} from './os-variable.ts'
export type { SysConfig } from './sys-config.ts'
export * as erl from './term.ts'
export type { KernelParameters, VmArgs } from './vm-args.ts'
