export { type Artifact, artifact } from './document/artifact.ts'
export { isBranded } from './document/brand.ts'
export {
  type Document,
  type Format,
  locate,
  type Rule,
  type RuleContext,
  type Violation,
} from './document/document.ts'
export {
  type Location,
  locationOf,
  ORIGIN,
  type Origin,
  type Originated,
  originOf,
} from './document/origin.ts'
export type { Path } from './document/path.ts'
export { explainFsErrors, syncFolder, writeDurably } from './file/durable.ts'
export { describeFileKind } from './file/file-kind.ts'
export {
  createJournal,
  type JournalFile,
  journalDraft,
  modifiedJournal,
  readJournal,
  removeJournal,
  removeJournalDrafts,
  replaceJournal,
} from './file/journal-file.ts'
export {
  IrregularFileError,
  type OpenOptions,
  openRegularFile,
  type ReadOptions,
  readRegularFile,
  readRegularText,
} from './file/regular-file.ts'
export { replaceFile, writeInPlace } from './file/replace-file.ts'
export { validateNoLinks } from './file/validate-no-links.ts'
export { parseBytes } from './grammar/bytes.ts'
export { parseDuration } from './grammar/duration.ts'
export {
  type ImageReference,
  isImageReference,
  parseImageReference,
} from './grammar/image-reference.ts'
export { isAbsolutePath, isWindowsPath, splitMount } from './grammar/mount.ts'
export {
  type PortMapping,
  type PortRange,
  parsePortMapping,
  parsePortRange,
  protocols,
  splitPortMapping,
} from './grammar/port.ts'
export { type LazyModule, lazyModule } from './lazy-module.ts'
export { check, isolatedContext, rulesOf, severityOf } from './lint/check.ts'
export { compareDiagnostics, type Diagnostic, type Kind, type Severity } from './lint/diagnostic.ts'
export { type Suppressed, type Suppression, suppress } from './lint/suppression.ts'
export { memoize } from './memoize.ts'
export { type CommentMark, type TextFile, textFile, textFormat } from './print/text.ts'
export {
  COMMENT,
  COMMENTS,
  isTagged,
  printYaml,
  TAG,
  type Tagged,
  UnprintableError,
  yamlFormat,
} from './print/yaml.ts'
export {
  dockerIgnoredBy,
  dockerIgnorePatterns,
  matchesDockerName,
  mayHoldDockerException,
} from './project/docker-ignore.ts'
export { type GitResult, gitOutput, runGit, startGit } from './project/git.ts'
export {
  collectHosts,
  type Host,
  type HostedFolder,
  type HostWriteOptions,
  registerHost,
  targetsOf,
} from './project/host.ts'
export {
  defaultProject,
  type PackageManager,
  type ProjectContext,
  packageManagerOf,
  packageManagers,
  stackFiles,
} from './project/project-context.ts'
export type { OtherFiles } from './project/project-files.ts'
export {
  isRepositoryPath,
  pathBetween,
  repositoryOf,
  type WriteTarget,
  writeTargets,
} from './project/repository.ts'
export { type Annotation, formatAnnotation } from './report/annotation.ts'
export { type Colour, paint } from './report/paint.ts'
export { printable, printableLine } from './report/printable.ts'
export {
  type SarifPlace,
  type SarifResult,
  type SarifRule,
  type SarifRun,
  type SarifText,
  sarifLog,
  sarifResult,
  sarifText,
} from './report/sarif.ts'
export {
  type Described,
  findFacts,
  partsOf,
} from './schema/find-facts.ts'
export { isObject, type MatchOptions, matches } from './schema/matches.ts'
export type {
  EnumSchema,
  Keys,
  KindSchema,
  ListSchema,
  MapSchema,
  ObjectSchema,
  Schema,
  SimpleSchema,
  TextFormat,
  UnionSchema,
} from './schema/schema.ts'
export * as schema from './schema/schema.ts'
export {
  describe,
  formatPath,
  formatViolation,
  type SchemaViolation,
  selectOption,
  suggestKey,
  validate,
} from './schema/validate.ts'
export { toUserError, validateOptions, validateValue } from './schema/validate-options.ts'
export { ignoreFiles, type SecretFile, type SecretRecipe } from './secret/secret.ts'
export { findForeignFile, foreignFileHint } from './secret/secret-folder.ts'
export { sha256 } from './sha256.ts'
export type { BuildVariable, BuiltImage } from './stack/image.ts'
export {
  isStack,
  type Source,
  type Stack,
  type StackContext,
  type StackOptions,
  stack,
  validateStack,
} from './stack/stack.ts'
export { type Synthesis, type SynthesizeOptions, synthesize } from './stack/synthesize.ts'
export { formatValue } from './text/format-value.ts'
export { shellWord } from './text/shell-word.ts'
export { findSuggestion } from './text/suggestion.ts'
export { isUserError, UserError, type UserErrorOptions } from './user-error.ts'
export { type Difference, differences } from './write/drift.ts'
export { type Lock, lock, stateIgnore } from './write/lock.ts'
export { manifestPath, readManifest, stateFolder } from './write/manifest.ts'
export { type Action, type Plan, type PlanOptions, plan, type Step } from './write/plan.ts'
export type { LeftBehind, StateItem } from './write/state.ts'
export { preview, WriteConflict, type WriteOptions, write } from './write/write.ts'
