export { print } from './print/print.ts'
export type * from './schema/document.gen.ts'
export type * from './schema/document.ts'
export type * from './schema/text.ts'
export { add, copy, inline } from './values/copy.ts'
export {
  type DockerfileOptions,
  type DockerfileSource,
  dockerfile,
  dockerfileFormat,
} from './values/dockerfile.ts'
export {
  arg,
  cmd,
  entrypoint,
  env,
  expose,
  healthcheck,
  label,
  onbuild,
  shell,
  stopsignal,
  user,
  volume,
  workdir,
} from './values/instruction.ts'
export type {
  AbsolutePath,
  Duration,
  Dynamic,
  FileMode,
  ImageReference,
  OctalMode,
  Platform,
  Port,
  Signal,
  Size,
} from './values/literal-types.ts'
export { mount } from './values/mount.ts'
export type * from './values/options.gen.ts'
export type { BuildContext, From, MountValue, Stage } from './values/reference.ts'
export { run } from './values/run.ts'
export { comment, context, type StageOptions, stage } from './values/stage.ts'
export { heredoc, literalOf, type RefOptions, ref, template, variablesOf } from './values/text.ts'
