import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { addressOutsideSubnet } from './address-outside-subnet.ts'
import { bindSourceMissing } from './bind-source-missing.ts'
import { bindVolumeWithoutDevice } from './bind-volume-without-device.ts'
import { bindWithoutSource } from './bind-without-source.ts'
import { blankBuildArgument } from './blank-build-argument.ts'
import { buildPlatformMissing } from './build-platform-missing.ts'
import { capabilitiesKept } from './capabilities-kept.ts'
import { capabilityTooStrong } from './capability-too-strong.ts'
import { cgroupParent } from './cgroup-parent.ts'
import { confinementOff } from './confinement-off.ts'
import { containerNameClash } from './container-name-clash.ts'
import { containerNameWithReplicas } from './container-name-with-replicas.ts'
import { cookieBlank } from './cookie-blank.ts'
import { cookieInEnvironment } from './cookie-in-environment.ts'
import { cpusUnlimited } from './cpus-unlimited.ts'
import { dataInNoVolume } from './data-in-no-volume.ts'
import { dataStorePublished } from './data-store-published.ts'
import { defaultNetwork } from './default-network.ts'
import { definitionFileMissing } from './definition-file-missing.ts'
import { dependencyCycle } from './dependency-cycle.ts'
import { dependencyWithoutHealth } from './dependency-without-health.ts'
import { distributionFlagsInEnvironment } from './distribution-flags-in-environment.ts'
import { distributionPortPublished } from './distribution-port-published.ts'
import { distributionPortShared } from './distribution-port-shared.ts'
import { distributionTlsWithoutOptions } from './distribution-tls-without-options.ts'
import { dockerInDockerUnprivileged } from './docker-in-docker-unprivileged.ts'
import { dockerSocketMounted } from './docker-socket-mounted.ts'
import { dockerfileMissing } from './dockerfile-missing.ts'
import { duplicateItem } from './duplicate-item.ts'
import { encryptedBridge } from './encrypted-bridge.ts'
import { envFileMissing } from './env-file-missing.ts'
import { environmentSecretOnReadOnlyRoot } from './environment-secret-on-read-only-root.ts'
import { exclusiveKeys } from './exclusive-keys.ts'
import { extendsFileMissing } from './extends-file-missing.ts'
import { externalOptionsIgnored } from './external-options-ignored.ts'
import { externalWithOptions } from './external-with-options.ts'
import { grantOwnerIgnored } from './grant-owner-ignored.ts'
import { healthCannotFail } from './health-cannot-fail.ts'
import { healthDuringInitialization } from './health-during-initialization.ts'
import { healthIgnoresPassword } from './health-ignores-password.ts'
import { healthOnlyPgIsready } from './health-only-pg-isready.ts'
import { healthTestForm } from './health-test-form.ts'
import { healthTestWord } from './health-test-word.ts'
import { healthcheckMissing } from './healthcheck-missing.ts'
import { hostDevice } from './host-device.ts'
import { hostNamespace } from './host-namespace.ts'
import { hostPortClash } from './host-port-clash.ts'
import { hostPortClashBetweenFiles } from './host-port-clash-between-files.ts'
import { imageMissing } from './image-missing.ts'
import { imageUnknown } from './image-unknown.ts'
import { imageWithoutDigest } from './image-without-digest.ts'
import { imageWithoutTag } from './image-without-tag.ts'
import { interpolationSyntax } from './interpolation-syntax.ts'
import { jobRestarts } from './job-restarts.ts'
import { keyTooNew } from './key-too-new.ts'
import { knownImageStopped } from './known-image-stopped.ts'
import { labelFileMissing } from './label-file-missing.ts'
import { labelsWithoutProxy } from './labels-without-proxy.ts'
import { legacyLinks } from './legacy-links.ts'
import { limitsDisagree } from './limits-disagree.ts'
import { logOptionUnknown } from './log-option-unknown.ts'
import { logWithoutRotation } from './log-without-rotation.ts'
import { memoryBelowDemand } from './memory-below-demand.ts'
import { memoryTooSmall } from './memory-too-small.ts'
import { memoryUnlimited } from './memory-unlimited.ts'
import { mountTargetTwice } from './mount-target-twice.ts'
import { networkModeConflict } from './network-mode-conflict.ts'
import { noNewPrivilegesMissing } from './no-new-privileges-missing.ts'
import { obsoleteVersion } from './obsolete-version.ts'
import { openFilesAboveLimit } from './open-files-above-limit.ts'
import { openIsolatedNetwork } from './open-isolated-network.ts'
import { overlayWithoutSwarm } from './overlay-without-swarm.ts'
import { passwordNotAsked } from './password-not-asked.ts'
import { pidsUnlimited } from './pids-unlimited.ts'
import { portOfSeveralContainers } from './port-of-several-containers.ts'
import { portOnEveryInterface } from './port-on-every-interface.ts'
import { portPublishedTwice } from './port-published-twice.ts'
import { portWithoutEffect } from './port-without-effect.ts'
import { postgresDataFolder } from './postgres-data-folder.ts'
import { privileged } from './privileged.ts'
import { privilegedHostPort } from './privileged-host-port.ts'
import { profileLeavesOutService } from './profile-leaves-out-service.ts'
import { projectNameMissing } from './project-name-missing.ts'
import { projectNameShared } from './project-name-shared.ts'
import { publishedPortNotExposed } from './published-port-not-exposed.ts'
import { readOnlyPathWritten } from './read-only-path-written.ts'
import { stackRules } from './reading/stack-rules.ts'
import { reservationAboveLimit } from './reservation-above-limit.ts'
import { resetWithoutEffect } from './reset-without-effect.ts'
import { restartMissing } from './restart-missing.ts'
import { runsAsRoot } from './runs-as-root.ts'
import { seccompDefault } from './seccomp-default.ts'
import { seccompProfileMissing } from './seccomp-profile-missing.ts'
import { secretFileUnreadable } from './secret-file-unreadable.ts'
import { secretInArgv } from './secret-in-argv.ts'
import { secretInBuildContext } from './secret-in-build-context.ts'
import { secretInEnvironment } from './secret-in-environment.ts'
import { secretReaderUnknown } from './secret-reader-unknown.ts'
import { securityOptSeparator } from './security-opt-separator.ts'
import { sensitiveHostFolder } from './sensitive-host-folder.ts'
import { sharedPropagation } from './shared-propagation.ts'
import { shellSyntaxWithoutShell } from './shell-syntax-without-shell.ts'
import { softLimitAboveHard } from './soft-limit-above-hard.ts'
import { sshPublished } from './ssh-published.ts'
import { stateInMemory } from './state-in-memory.ts'
import { staticAddressWithoutSubnet } from './static-address-without-subnet.ts'
import { subnetClash } from './subnet-clash.ts'
import { subnetClashBetweenFiles } from './subnet-clash-between-files.ts'
import { swarmChanged } from './swarm-changed.ts'
import { tmpfsWithoutExec } from './tmpfs-without-exec.ts'
import { undefinedDependency } from './undefined-dependency.ts'
import { undefinedReference } from './undefined-reference.ts'
import { unusedDefinition } from './unused-definition.ts'
import { updateMonitorTooShort } from './update-monitor-too-short.ts'
import { updateStopsFirst } from './update-stops-first.ts'
import { updateToleratesFailure } from './update-tolerates-failure.ts'
import { updateWithoutRoom } from './update-without-room.ts'
import { uselessCapability } from './useless-capability.ts'
import { valueFormat } from './value-format.ts'
import { variableLiteral } from './variable-literal.ts'
import { variableWithoutReader } from './variable-without-reader.ts'
import { volumeDefinedTwice } from './volume-defined-twice.ts'
import { volumeInTwoServices } from './volume-in-two-services.ts'
import { volumeNamedLikeDrive } from './volume-named-like-drive.ts'
import { volumeNeedsHostFolder } from './volume-needs-host-folder.ts'
import { watchRebuildsNothing } from './watch-rebuilds-nothing.ts'
import { watchSyncOnReadOnlyRoot } from './watch-sync-on-read-only-root.ts'
import { watchTargetMissing } from './watch-target-missing.ts'
import { workspaceOwnedByRoot } from './workspace-owned-by-root.ts'
import { writableRoot } from './writable-root.ts'

/** Every rule of compose files, in alphabetical order. */
export const rules: readonly Rule<ComposeFile>[] = [
  addressOutsideSubnet,
  bindSourceMissing,
  bindVolumeWithoutDevice,
  bindWithoutSource,
  blankBuildArgument,
  buildPlatformMissing,
  capabilitiesKept,
  capabilityTooStrong,
  cgroupParent,
  confinementOff,
  containerNameClash,
  containerNameWithReplicas,
  cookieBlank,
  cookieInEnvironment,
  cpusUnlimited,
  dataInNoVolume,
  dataStorePublished,
  defaultNetwork,
  definitionFileMissing,
  dependencyCycle,
  dependencyWithoutHealth,
  distributionFlagsInEnvironment,
  distributionPortPublished,
  distributionPortShared,
  distributionTlsWithoutOptions,
  dockerInDockerUnprivileged,
  dockerSocketMounted,
  dockerfileMissing,
  duplicateItem,
  encryptedBridge,
  envFileMissing,
  environmentSecretOnReadOnlyRoot,
  exclusiveKeys,
  extendsFileMissing,
  externalOptionsIgnored,
  externalWithOptions,
  grantOwnerIgnored,
  healthCannotFail,
  healthDuringInitialization,
  healthIgnoresPassword,
  healthOnlyPgIsready,
  healthTestForm,
  healthTestWord,
  healthcheckMissing,
  hostDevice,
  hostNamespace,
  hostPortClash,
  hostPortClashBetweenFiles,
  imageMissing,
  imageUnknown,
  imageWithoutDigest,
  imageWithoutTag,
  interpolationSyntax,
  jobRestarts,
  keyTooNew,
  knownImageStopped,
  labelFileMissing,
  labelsWithoutProxy,
  legacyLinks,
  limitsDisagree,
  logOptionUnknown,
  logWithoutRotation,
  memoryBelowDemand,
  memoryTooSmall,
  memoryUnlimited,
  mountTargetTwice,
  networkModeConflict,
  noNewPrivilegesMissing,
  obsoleteVersion,
  openFilesAboveLimit,
  openIsolatedNetwork,
  overlayWithoutSwarm,
  passwordNotAsked,
  pidsUnlimited,
  portOfSeveralContainers,
  portOnEveryInterface,
  portPublishedTwice,
  portWithoutEffect,
  postgresDataFolder,
  privileged,
  privilegedHostPort,
  profileLeavesOutService,
  projectNameMissing,
  projectNameShared,
  publishedPortNotExposed,
  readOnlyPathWritten,
  reservationAboveLimit,
  resetWithoutEffect,
  restartMissing,
  runsAsRoot,
  seccompDefault,
  seccompProfileMissing,
  secretFileUnreadable,
  secretInArgv,
  secretInBuildContext,
  secretInEnvironment,
  secretReaderUnknown,
  securityOptSeparator,
  sensitiveHostFolder,
  sharedPropagation,
  shellSyntaxWithoutShell,
  softLimitAboveHard,
  sshPublished,
  ...stackRules,
  stateInMemory,
  staticAddressWithoutSubnet,
  subnetClash,
  subnetClashBetweenFiles,
  swarmChanged,
  tmpfsWithoutExec,
  undefinedDependency,
  undefinedReference,
  unusedDefinition,
  updateMonitorTooShort,
  updateStopsFirst,
  updateToleratesFailure,
  updateWithoutRoom,
  uselessCapability,
  valueFormat,
  variableLiteral,
  variableWithoutReader,
  volumeDefinedTwice,
  volumeInTwoServices,
  volumeNamedLikeDrive,
  volumeNeedsHostFolder,
  watchRebuildsNothing,
  watchSyncOnReadOnlyRoot,
  watchTargetMissing,
  workspaceOwnedByRoot,
  writableRoot,
]
