import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../document.ts'
import { artipacked } from './artipacked.ts'
import { botCondition } from './bot-condition.ts'
import { cachePoisoning } from './cache-poisoning.ts'
import { callMismatch } from './call-mismatch.ts'
import { callOutputUndefined } from './call-output-undefined.ts'
import { callPermissions } from './call-permissions.ts'
import { choiceInvalid } from './choice-invalid.ts'
import { concurrencyMissing } from './concurrency-missing.ts'
import { conditionAlwaysTrue } from './condition-always-true.ts'
import { containsInText } from './contains-in-text.ts'
import { contextUnavailable } from './context-unavailable.ts'
import { credentialsInText } from './credentials-in-text.ts'
import { cronInvalid } from './cron-invalid.ts'
import { dangerousTriggers } from './dangerous-triggers.ts'
import { deprecatedCommand } from './deprecated-command.ts'
import { environmentFile } from './environment-file.ts'
import { excessivePermissions } from './excessive-permissions.ts'
import { expressionInScript } from './expression-in-script.ts'
import { expressionSyntax } from './expression-syntax.ts'
import { failureHidden } from './failure-hidden.ts'
import { failureSwallowed } from './failure-swallowed.ts'
import { filterConflict } from './filter-conflict.ts'
import { globInvalid } from './glob-invalid.ts'
import { idInvalid } from './id-invalid.ts'
import { inputInvalid } from './input-invalid.ts'
import { inputUndefined } from './input-undefined.ts'
import { insecureCommands } from './insecure-commands.ts'
import { localActionBeforeCheckout } from './local-action-before-checkout.ts'
import { matrixMismatch } from './matrix-mismatch.ts'
import { matrixTooLarge } from './matrix-too-large.ts'
import { matrixUndefined } from './matrix-undefined.ts'
import { mergeQueueForgotten } from './merge-queue-forgotten.ts'
import { misfeature } from './misfeature.ts'
import { needUndefined } from './need-undefined.ts'
import { needsCycle } from './needs-cycle.ts'
import { needsUndefined } from './needs-undefined.ts'
import { numberTooSmall } from './number-too-small.ts'
import { parallelNested } from './parallel-nested.ts'
import { permissionMissing } from './permission-missing.ts'
import { pipeWithoutPipefail } from './pipe-without-pipefail.ts'
import { propertyUndefined } from './property-undefined.ts'
import { requiredConditional } from './required-conditional.ts'
import { requiredUnreported } from './required-unreported.ts'
import { requiredWithDefault } from './required-with-default.ts'
import { resultsOfSkipped } from './results-of-skipped.ts'
import { runOfNothing } from './run-of-nothing.ts'
import { runnerRetired } from './runner-retired.ts'
import { secretOutsideEnvironment } from './secret-outside-environment.ts'
import { secretUndeclared } from './secret-undeclared.ts'
import { secretsInherit } from './secrets-inherit.ts'
import { secretsWhole } from './secrets-whole.ts'
import { sectionEmpty } from './section-empty.ts'
import { selfHostedForStrangers } from './self-hosted-for-strangers.ts'
import { shellUnknown } from './shell-unknown.ts'
import { stepIdTwice } from './step-id-twice.ts'
import { stepUndefined } from './step-undefined.ts'
import { templateInjection } from './template-injection.ts'
import { ternaryFallsThrough } from './ternary-falls-through.ts'
import { timeoutMissing } from './timeout-missing.ts'
import { typosquatUses } from './typosquat-uses.ts'
import { unpinnedImages } from './unpinned-images.ts'
import { unpinnedUses } from './unpinned-uses.ts'
import { untrustedCheckout } from './untrusted-checkout.ts'
import { variableName } from './variable-name.ts'
import { waitUndefined } from './wait-undefined.ts'

/** Every rule for workflows, by id. */
export const rules: readonly Rule<WorkflowFile>[] = [
  artipacked,
  botCondition,
  cachePoisoning,
  callMismatch,
  callOutputUndefined,
  callPermissions,
  choiceInvalid,
  concurrencyMissing,
  conditionAlwaysTrue,
  containsInText,
  contextUnavailable,
  credentialsInText,
  cronInvalid,
  dangerousTriggers,
  deprecatedCommand,
  environmentFile,
  excessivePermissions,
  expressionInScript,
  expressionSyntax,
  failureHidden,
  failureSwallowed,
  filterConflict,
  globInvalid,
  idInvalid,
  inputInvalid,
  inputUndefined,
  insecureCommands,
  localActionBeforeCheckout,
  matrixMismatch,
  matrixTooLarge,
  matrixUndefined,
  mergeQueueForgotten,
  misfeature,
  needUndefined,
  needsCycle,
  needsUndefined,
  numberTooSmall,
  parallelNested,
  permissionMissing,
  pipeWithoutPipefail,
  propertyUndefined,
  requiredConditional,
  requiredUnreported,
  requiredWithDefault,
  resultsOfSkipped,
  runOfNothing,
  runnerRetired,
  secretOutsideEnvironment,
  secretUndeclared,
  secretsInherit,
  secretsWhole,
  sectionEmpty,
  selfHostedForStrangers,
  shellUnknown,
  stepIdTwice,
  stepUndefined,
  templateInjection,
  ternaryFallsThrough,
  timeoutMissing,
  typosquatUses,
  unpinnedImages,
  unpinnedUses,
  untrustedCheckout,
  variableName,
  waitUndefined,
]
