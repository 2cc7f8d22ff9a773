import type { Rule } from '@erlmcp/core'
import type { Dockerfile } from '../document.ts'
import { constantPlatform } from './constant-platform.ts'
import { duplicateStageName } from './duplicate-stage-name.ts'
import { exposeFormat } from './expose-format.ts'
import { instructionOverridden } from './instruction-overridden.ts'
import { invalidDefaultArgInFrom } from './invalid-default-arg-in-from.ts'
import { maintainer } from './maintainer.ts'
import { redundantTargetPlatform } from './redundant-target-platform.ts'
import { relativeWorkdir } from './relative-workdir.ts'
import { reservedStageName } from './reserved-stage-name.ts'
import { secretInArgOrEnv } from './secret-in-arg-or-env.ts'
import { shellFormProgram } from './shell-form-program.ts'
import { stageNameCasing } from './stage-name-casing.ts'
import { undefinedArgInFrom } from './undefined-arg-in-from.ts'
import { undefinedVariable } from './undefined-variable.ts'

/** What is judged in a Dockerfile, in alphabetical order. */
export const rules: readonly Rule<Dockerfile>[] = [
  constantPlatform,
  duplicateStageName,
  exposeFormat,
  instructionOverridden,
  invalidDefaultArgInFrom,
  maintainer,
  redundantTargetPlatform,
  relativeWorkdir,
  reservedStageName,
  secretInArgOrEnv,
  shellFormProgram,
  stageNameCasing,
  undefinedArgInFrom,
  undefinedVariable,
]
