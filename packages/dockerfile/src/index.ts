export { type AddOptions, add, type CopyOptions, copy, inline } from './copy.ts'
export {
  type DockerfileOptions,
  type DockerfileSource,
  dockerfile,
  dockerfileFormat,
} from './dockerfile.ts'
export type * from './document.ts'
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
