export { rules } from './lint/rules/index.ts'
export { print } from './print/print.ts'
export type * from './schema/document.ts'
export { type AddOptions, add, type CopyOptions, copy, inline } from './values/copy.ts'
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
  type HealthcheckOptions,
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
  Platform,
  Port,
  Signal,
  Size,
} from './values/literal-types.ts'
export { type MountValue, mount } from './values/mount.ts'
export { type RunOptions, run } from './values/run.ts'
export {
  type BuildContext,
  comment,
  context,
  type From,
  type Stage,
  type StageOptions,
  stage,
} from './values/stage.ts'
export { heredoc, literalOf, type RefOptions, ref, template, variablesOf } from './values/text.ts'
