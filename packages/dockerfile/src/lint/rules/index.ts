import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../../schema/document.ts'
import { addInsteadOfCopy } from './add-instead-of-copy.ts'
import { addWithoutChecksum } from './add-without-checksum.ts'
import { apkWithoutNoCache } from './apk-without-no-cache.ts'
import { aptGetListsNotRemoved } from './apt-get-lists-not-removed.ts'
import { aptGetRecommends } from './apt-get-recommends.ts'
import { aptGetUpdateAlone } from './apt-get-update-alone.ts'
import { aptGetWithoutYes } from './apt-get-without-yes.ts'
import { aptInsteadOfAptGet } from './apt-instead-of-apt-get.ts'
import { cacheBustingArg } from './cache-busting-arg.ts'
import { cdWithoutEffect } from './cd-without-effect.ts'
import { chownAfterCopy } from './chown-after-copy.ts'
import { copyDestinationNotDirectory } from './copy-destination-not-directory.ts'
import { copyIgnoredFile } from './copy-ignored-file.ts'
import { copyMissingFile } from './copy-missing-file.ts'
import { copyRelativeDestination } from './copy-relative-destination.ts'
import { defaultStage } from './default-stage.ts'
import { downloadPipedToShell } from './download-piped-to-shell.ts'
import { duplicateStageName } from './duplicate-stage-name.ts'
import { envSelfReference } from './env-self-reference.ts'
import { exposeInvalidFormat } from './expose-invalid-format.ts'
import { fromPlatformFlagConstDisallowed } from './from-platform-flag-const-disallowed.ts'
import { heredocWithoutErrexit } from './heredoc-without-errexit.ts'
import { imageWithoutDigest } from './image-without-digest.ts'
import { invalidDefaultArgInFrom } from './invalid-default-arg-in-from.ts'
import { invalidLabelName } from './invalid-label-name.ts'
import { jsonArgsRecommended } from './json-args-recommended.ts'
import { maintainerDeprecated } from './maintainer-deprecated.ts'
import { missingHealthcheck } from './missing-healthcheck.ts'
import { missingIgnoreFile } from './missing-ignore-file.ts'
import { multipleInstructionsDisallowed } from './multiple-instructions-disallowed.ts'
import { pipeWithoutPipefail } from './pipe-without-pipefail.ts'
import { programNotInImage } from './program-not-in-image.ts'
import { rebar3TasksWithoutDo } from './rebar3-tasks-without-do.ts'
import { redundantTargetPlatform } from './redundant-target-platform.ts'
import { reservedStageName } from './reserved-stage-name.ts'
import { rootUser } from './root-user.ts'
import { secretsUsedInArgOrEnv } from './secrets-used-in-arg-or-env.ts'
import { shellReplaced } from './shell-replaced.ts'
import { sourcesBeforeDependencies } from './sources-before-dependencies.ts'
import { stageNameCasing } from './stage-name-casing.ts'
import { stageUsedBeforeDefinition } from './stage-used-before-definition.ts'
import { sudo } from './sudo.ts'
import { systemUpgrade } from './system-upgrade.ts'
import { undefinedArgInFrom } from './undefined-arg-in-from.ts'
import { undefinedVar } from './undefined-var.ts'
import { unknownRebar3Variable } from './unknown-rebar3-variable.ts'
import { unknownUser } from './unknown-user.ts'
import { unpinnedImage } from './unpinned-image.ts'
import { unpinnedPackage } from './unpinned-package.ts'
import { unusedArg } from './unused-arg.ts'
import { uselessProgram } from './useless-program.ts'
import { wgetAndCurl } from './wget-and-curl.ts'
import { workdirRelativePath } from './workdir-relative-path.ts'
import { worldWritable } from './world-writable.ts'

/** The rules about Dockerfiles, in alphabetical order. */
export const rules: readonly Rule<Dockerfile>[] = [
  addInsteadOfCopy,
  addWithoutChecksum,
  apkWithoutNoCache,
  aptGetListsNotRemoved,
  aptGetRecommends,
  aptGetUpdateAlone,
  aptGetWithoutYes,
  aptInsteadOfAptGet,
  cacheBustingArg,
  cdWithoutEffect,
  chownAfterCopy,
  copyDestinationNotDirectory,
  copyIgnoredFile,
  copyMissingFile,
  copyRelativeDestination,
  defaultStage,
  downloadPipedToShell,
  duplicateStageName,
  envSelfReference,
  exposeInvalidFormat,
  fromPlatformFlagConstDisallowed,
  heredocWithoutErrexit,
  imageWithoutDigest,
  invalidDefaultArgInFrom,
  invalidLabelName,
  jsonArgsRecommended,
  maintainerDeprecated,
  missingHealthcheck,
  missingIgnoreFile,
  multipleInstructionsDisallowed,
  pipeWithoutPipefail,
  programNotInImage,
  rebar3TasksWithoutDo,
  redundantTargetPlatform,
  reservedStageName,
  rootUser,
  secretsUsedInArgOrEnv,
  shellReplaced,
  sourcesBeforeDependencies,
  stageNameCasing,
  stageUsedBeforeDefinition,
  sudo,
  systemUpgrade,
  undefinedArgInFrom,
  undefinedVar,
  unknownRebar3Variable,
  unknownUser,
  unpinnedImage,
  unpinnedPackage,
  unusedArg,
  uselessProgram,
  wgetAndCurl,
  workdirRelativePath,
  worldWritable,
]
