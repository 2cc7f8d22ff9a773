import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../document.ts'
import { cacheBustingArg } from './cache-busting-arg.ts'
import { chownAfterCopy } from './chown-after-copy.ts'
import { constantPlatform } from './constant-platform.ts'
import { copyIgnoredFile } from './copy-ignored-file.ts'
import { copyOfNothing } from './copy-of-nothing.ts'
import { defaultStage } from './default-stage.ts'
import { duplicateStageName } from './duplicate-stage-name.ts'
import { exposeFormat } from './expose-format.ts'
import { imageWithoutDigest } from './image-without-digest.ts'
import { instructionOverridden } from './instruction-overridden.ts'
import { invalidDefaultArgInFrom } from './invalid-default-arg-in-from.ts'
import { maintainer } from './maintainer.ts'
import { noIgnoreFile } from './no-ignore-file.ts'
import { programNotInImage } from './program-not-in-image.ts'
import { rebar3TasksWithoutDo } from './rebar3-tasks-without-do.ts'
import { redundantTargetPlatform } from './redundant-target-platform.ts'
import { relativeWorkdir } from './relative-workdir.ts'
import { reservedStageName } from './reserved-stage-name.ts'
import { rootUser } from './root-user.ts'
import { secretInArgOrEnv } from './secret-in-arg-or-env.ts'
import { shellFormProgram } from './shell-form-program.ts'
import { sourcesBeforeDependencies } from './sources-before-dependencies.ts'
import { stageNameCasing } from './stage-name-casing.ts'
import { undefinedArgInFrom } from './undefined-arg-in-from.ts'
import { undefinedVariable } from './undefined-variable.ts'
import { unknownRebar3Variable } from './unknown-rebar3-variable.ts'
import { unknownUser } from './unknown-user.ts'
import { unpinnedImage } from './unpinned-image.ts'
import { unusedArg } from './unused-arg.ts'

/** What is judged in a Dockerfile, in alphabetical order. */
export const rules: readonly Rule<Dockerfile>[] = [
  cacheBustingArg,
  chownAfterCopy,
  constantPlatform,
  copyIgnoredFile,
  copyOfNothing,
  defaultStage,
  duplicateStageName,
  exposeFormat,
  imageWithoutDigest,
  instructionOverridden,
  invalidDefaultArgInFrom,
  maintainer,
  noIgnoreFile,
  programNotInImage,
  rebar3TasksWithoutDo,
  redundantTargetPlatform,
  relativeWorkdir,
  reservedStageName,
  rootUser,
  secretInArgOrEnv,
  shellFormProgram,
  sourcesBeforeDependencies,
  stageNameCasing,
  undefinedArgInFrom,
  undefinedVariable,
  unknownRebar3Variable,
  unknownUser,
  unpinnedImage,
  unusedArg,
]
