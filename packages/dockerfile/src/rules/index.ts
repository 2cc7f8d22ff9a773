import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../document.ts'
import { addForCopy } from './add-for-copy.ts'
import { addWithoutChecksum } from './add-without-checksum.ts'
import { apkCache } from './apk-cache.ts'
import { aptAsks } from './apt-asks.ts'
import { aptForPeople } from './apt-for-people.ts'
import { aptListsLeft } from './apt-lists-left.ts'
import { aptRecommends } from './apt-recommends.ts'
import { aptUpdateAlone } from './apt-update-alone.ts'
import { cacheBustingArg } from './cache-busting-arg.ts'
import { chownAfterCopy } from './chown-after-copy.ts'
import { constantPlatform } from './constant-platform.ts'
import { copyIgnoredFile } from './copy-ignored-file.ts'
import { copyOfNothing } from './copy-of-nothing.ts'
import { copyToAFile } from './copy-to-a-file.ts'
import { defaultStage } from './default-stage.ts'
import { downloadPipedToShell } from './download-piped-to-shell.ts'
import { duplicateStageName } from './duplicate-stage-name.ts'
import { envRefersToItself } from './env-refers-to-itself.ts'
import { exposeFormat } from './expose-format.ts'
import { heredocWithoutErrexit } from './heredoc-without-errexit.ts'
import { imageWithoutDigest } from './image-without-digest.ts'
import { instructionOverridden } from './instruction-overridden.ts'
import { invalidDefaultArgInFrom } from './invalid-default-arg-in-from.ts'
import { labelName } from './label-name.ts'
import { loneCd } from './lone-cd.ts'
import { maintainer } from './maintainer.ts'
import { noHealthcheck } from './no-healthcheck.ts'
import { noIgnoreFile } from './no-ignore-file.ts'
import { pipeWithoutPipefail } from './pipe-without-pipefail.ts'
import { pointlessProgram } from './pointless-program.ts'
import { programNotInImage } from './program-not-in-image.ts'
import { rebar3TasksWithoutDo } from './rebar3-tasks-without-do.ts'
import { redundantTargetPlatform } from './redundant-target-platform.ts'
import { relativeDestination } from './relative-destination.ts'
import { relativeWorkdir } from './relative-workdir.ts'
import { reservedStageName } from './reserved-stage-name.ts'
import { rootUser } from './root-user.ts'
import { secretInArgOrEnv } from './secret-in-arg-or-env.ts'
import { shellFormProgram } from './shell-form-program.ts'
import { shellReplaced } from './shell-replaced.ts'
import { sourcesBeforeDependencies } from './sources-before-dependencies.ts'
import { stageNameCasing } from './stage-name-casing.ts'
import { stageUsedTooEarly } from './stage-used-too-early.ts'
import { sudo } from './sudo.ts'
import { systemUpgrade } from './system-upgrade.ts'
import { twoDownloaders } from './two-downloaders.ts'
import { undefinedArgInFrom } from './undefined-arg-in-from.ts'
import { undefinedVariable } from './undefined-variable.ts'
import { unknownRebar3Variable } from './unknown-rebar3-variable.ts'
import { unknownUser } from './unknown-user.ts'
import { unpinnedImage } from './unpinned-image.ts'
import { unpinnedPackage } from './unpinned-package.ts'
import { unusedArg } from './unused-arg.ts'
import { worldWritable } from './world-writable.ts'

/** What is judged in a Dockerfile, in alphabetical order. */
export const rules: readonly Rule<Dockerfile>[] = [
  addForCopy,
  addWithoutChecksum,
  apkCache,
  aptAsks,
  aptForPeople,
  aptListsLeft,
  aptRecommends,
  aptUpdateAlone,
  cacheBustingArg,
  chownAfterCopy,
  constantPlatform,
  copyIgnoredFile,
  copyOfNothing,
  copyToAFile,
  defaultStage,
  downloadPipedToShell,
  duplicateStageName,
  envRefersToItself,
  exposeFormat,
  heredocWithoutErrexit,
  imageWithoutDigest,
  instructionOverridden,
  invalidDefaultArgInFrom,
  labelName,
  loneCd,
  maintainer,
  noHealthcheck,
  noIgnoreFile,
  pipeWithoutPipefail,
  pointlessProgram,
  programNotInImage,
  rebar3TasksWithoutDo,
  redundantTargetPlatform,
  relativeDestination,
  relativeWorkdir,
  reservedStageName,
  rootUser,
  secretInArgOrEnv,
  shellFormProgram,
  shellReplaced,
  sourcesBeforeDependencies,
  stageNameCasing,
  stageUsedTooEarly,
  sudo,
  systemUpgrade,
  twoDownloaders,
  undefinedArgInFrom,
  undefinedVariable,
  unknownRebar3Variable,
  unknownUser,
  unpinnedImage,
  unpinnedPackage,
  unusedArg,
  worldWritable,
]
