export { type Artifact, artifact } from './artifact.ts'
export {
  dockerIgnoredBy,
  dockerIgnorePatterns,
  matchesDockerName,
  mayHoldDockerException,
} from './docker-ignore.ts'
export { type Document, type Format, locate, type Path } from './document.ts'
export { type Difference, differences } from './drift.ts'
export { inWords, syncFolder, writeDurably } from './durable.ts'
export { compareFindings, type Finding, type Kind, type Severity } from './finding.ts'
export {
  collectHosts,
  type Host,
  type HostedFolder,
  type HostWriteOptions,
  offerHost,
  targetsOf,
} from './host.ts'
export type { BuildVariable, BuiltImage } from './image.ts'
export { refuseLinks } from './links.ts'
export { type Lock, lock, stateIgnore } from './lock.ts'
export { isMade } from './made.ts'
export { manifestPath, readManifest, stateFolder } from './manifest.ts'
export { nearest } from './nearest.ts'
export { checkOptions, type OptionKind, type OptionKinds, validateValue } from './options.ts'
export {
  type Location,
  locationOf,
  ORIGIN,
  type Origin,
  type Originated,
  originOf,
} from './origin.ts'
export { type Action, type Plan, type PlanOptions, plan, type Step } from './plan.ts'
export {
  defaultProject,
  type PackageManager,
  type ProjectContext,
  packageManagerOf,
  packageManagers,
  stackFiles,
} from './project-context.ts'
export type { OtherFiles } from './project-files.ts'
export { readRegular } from './read-text.ts'
export { remembered } from './remembered.ts'
export {
  isRepositoryPath,
  pathBetween,
  repositoryOf,
  type WriteTarget,
  writeTargets,
} from './repository.ts'
export { alone, check, type Fault, type Rule, type Surroundings, severityOf } from './rule.ts'
export { ignoreFiles, type SecretFile, type SecretRecipe } from './secret.ts'
export { foreignFile, foreignHelp } from './secret-folder.ts'
export { shellWord } from './shell.ts'
export { show } from './show.ts'
export {
  isStack,
  type Source,
  type Stack,
  type StackContext,
  type StackOptions,
  stack,
  validateStack,
} from './stack.ts'
export type { LeftBehind, StateItem } from './state.ts'
export { type Synthesis, type SynthesizeOptions, synthesize } from './synthesize.ts'
export { type CommentMark, type TextFile, textFile, textFormat } from './text.ts'
export { isUserError, type Problem, UserError } from './user-error.ts'
export { type Waived, type Waiver, waive } from './waiver.ts'
export { preview, WriteConflict, type WriteOptions, write } from './write.ts'
export {
  COMMENT,
  isTagged,
  printYaml,
  REMARKS,
  TAG,
  type Tagged,
  UnprintableError,
  yamlFormat,
} from './yaml.ts'
