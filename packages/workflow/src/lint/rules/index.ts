import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../document.ts'
import { actionInputMissing } from './action-input-missing.ts'
import { actionInputUnknown } from './action-input-unknown.ts'
import { artifactConflict } from './artifact-conflict.ts'
import { artifactMissing } from './artifact-missing.ts'
import { artifactName } from './artifact-name.ts'
import { artipacked } from './artipacked.ts'
import { booleanComparedWithText } from './boolean-compared-with-text.ts'
import { botConditions } from './bot-conditions.ts'
import { cachePoisoning } from './cache-poisoning.ts'
import { callMismatch } from './call-mismatch.ts'
import { callOutputUndefined } from './call-output-undefined.ts'
import { callPermissions } from './call-permissions.ts'
import { callTarget } from './call-target.ts'
import { choiceInvalid } from './choice-invalid.ts'
import { concurrencyDeadlock } from './concurrency-deadlock.ts'
import { concurrencyLimits } from './concurrency-limits.ts'
import { concurrencyShared } from './concurrency-shared.ts'
import { containerInvalid } from './container-invalid.ts'
import { contextUnavailable } from './context-unavailable.ts'
import { cronInvalid } from './cron-invalid.ts'
import { dangerousTriggers } from './dangerous-triggers.ts'
import { deprecatedCommands } from './deprecated-commands.ts'
import { duplicateStepId } from './duplicate-step-id.ts'
import { eventTypeUnknown } from './event-type-unknown.ts'
import { excessivePermissions } from './excessive-permissions.ts'
import { expressionInScript } from './expression-in-script.ts'
import { expressionSyntax } from './expression-syntax.ts'
import { expressionType } from './expression-type.ts'
import { failureHidden } from './failure-hidden.ts'
import { failureSwallowed } from './failure-swallowed.ts'
import { filterConflict } from './filter-conflict.ts'
import { githubEnv } from './github-env.ts'
import { globInvalid } from './glob-invalid.ts'
import { hardcodedContainerCredentials } from './hardcoded-container-credentials.ts'
import { idInvalid } from './id-invalid.ts'
import { inputInvalid } from './input-invalid.ts'
import { inputUndefined } from './input-undefined.ts'
import { insecureCommands } from './insecure-commands.ts'
import { localActionBeforeCheckout } from './local-action-before-checkout.ts'
import { matrixEmpty } from './matrix-empty.ts'
import { matrixMismatch } from './matrix-mismatch.ts'
import { matrixOutput } from './matrix-output.ts'
import { matrixTooLarge } from './matrix-too-large.ts'
import { matrixUndefined } from './matrix-undefined.ts'
import { mergeQueueBlocked } from './merge-queue-blocked.ts'
import { misfeature } from './misfeature.ts'
import { needUndefined } from './need-undefined.ts'
import { needsCycle } from './needs-cycle.ts'
import { needsUndefined } from './needs-undefined.ts'
import { neverRuns } from './never-runs.ts'
import { numberTooSmall } from './number-too-small.ts'
import { overprovisionedSecrets } from './overprovisioned-secrets.ts'
import { parallelNested } from './parallel-nested.ts'
import { permissionMissing } from './permission-missing.ts'
import { pipeWithoutPipefail } from './pipe-without-pipefail.ts'
import { propertyUndefined } from './property-undefined.ts'
import { requiredConditional } from './required-conditional.ts'
import { requiredUnreported } from './required-unreported.ts'
import { requiredWithDefault } from './required-with-default.ts'
import { resultsOfSkipped } from './results-of-skipped.ts'
import { runnerRetired } from './runner-retired.ts'
import { runnerUnknown } from './runner-unknown.ts'
import { secretUndeclared } from './secret-undeclared.ts'
import { secretsInherit } from './secrets-inherit.ts'
import { secretsOutsideEnv } from './secrets-outside-env.ts'
import { sectionEmpty } from './section-empty.ts'
import { selfHostedRunner } from './self-hosted-runner.ts'
import { shellUnknown } from './shell-unknown.ts'
import { stepUndefined } from './step-undefined.ts'
import { templateInjection } from './template-injection.ts'
import { timeoutMissing } from './timeout-missing.ts'
import { typosquatUses } from './typosquat-uses.ts'
import { unpinnedImages } from './unpinned-images.ts'
import { unpinnedUses } from './unpinned-uses.ts'
import { unsoundCondition } from './unsound-condition.ts'
import { unsoundContains } from './unsound-contains.ts'
import { unsoundTernary } from './unsound-ternary.ts'
import { untrustedCheckout } from './untrusted-checkout.ts'
import { valueType } from './value-type.ts'
import { variableName } from './variable-name.ts'
import { versionAsNumber } from './version-as-number.ts'
import { waitUndefined } from './wait-undefined.ts'
import { workflowRunWithoutWorkflows } from './workflow-run-without-workflows.ts'

/** Every rule for workflows, by id. */
export const rules: readonly Rule<WorkflowFile>[] = [
  actionInputMissing,
  actionInputUnknown,
  artifactConflict,
  artifactMissing,
  artifactName,
  artipacked,
  booleanComparedWithText,
  botConditions,
  cachePoisoning,
  callMismatch,
  callOutputUndefined,
  callPermissions,
  callTarget,
  choiceInvalid,
  concurrencyDeadlock,
  concurrencyLimits,
  concurrencyShared,
  containerInvalid,
  contextUnavailable,
  cronInvalid,
  dangerousTriggers,
  deprecatedCommands,
  duplicateStepId,
  eventTypeUnknown,
  excessivePermissions,
  expressionInScript,
  expressionSyntax,
  expressionType,
  failureHidden,
  failureSwallowed,
  filterConflict,
  githubEnv,
  globInvalid,
  hardcodedContainerCredentials,
  idInvalid,
  inputInvalid,
  inputUndefined,
  insecureCommands,
  localActionBeforeCheckout,
  matrixEmpty,
  matrixMismatch,
  matrixOutput,
  matrixTooLarge,
  matrixUndefined,
  mergeQueueBlocked,
  misfeature,
  needUndefined,
  needsCycle,
  needsUndefined,
  neverRuns,
  numberTooSmall,
  overprovisionedSecrets,
  parallelNested,
  permissionMissing,
  pipeWithoutPipefail,
  propertyUndefined,
  requiredConditional,
  requiredUnreported,
  requiredWithDefault,
  resultsOfSkipped,
  runnerRetired,
  runnerUnknown,
  secretUndeclared,
  secretsInherit,
  secretsOutsideEnv,
  sectionEmpty,
  selfHostedRunner,
  shellUnknown,
  stepUndefined,
  templateInjection,
  timeoutMissing,
  typosquatUses,
  unpinnedImages,
  unpinnedUses,
  unsoundCondition,
  unsoundContains,
  unsoundTernary,
  untrustedCheckout,
  valueType,
  variableName,
  versionAsNumber,
  waitUndefined,
  workflowRunWithoutWorkflows,
]
