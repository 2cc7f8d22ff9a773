import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { stackBridgeNetwork } from '../stack-bridge-network.ts'
import { stackDependsOnMap } from '../stack-depends-on-map.ts'
import { stackEncryptionUnproven } from '../stack-encryption-unproven.ts'
import { stackFileTooLarge } from '../stack-file-too-large.ts'
import { stackIgnoresDotenv } from '../stack-ignores-dotenv.ts'
import { stackIgnoresKey } from '../stack-ignores-key.ts'
import { stackIgnoresStartOrder } from '../stack-ignores-start-order.ts'
import { stackImageMissing } from '../stack-image-missing.ts'
import { stackInlineContent } from '../stack-inline-content.ts'
import { stackInterpolatedNumber } from '../stack-interpolated-number.ts'
import { stackLocalFile } from '../stack-local-file.ts'
import { stackLocalImage } from '../stack-local-image.ts'
import { stackNameTooLong } from '../stack-name-too-long.ts'
import { stackNetworkDetail } from '../stack-network-detail.ts'
import { stackPortOnAddress } from '../stack-port-on-address.ts'
import { stackRefusesKey } from '../stack-refuses-key.ts'
import { stackRefusesValue } from '../stack-refuses-value.ts'
import { stackSharedHostname } from '../stack-shared-hostname.ts'
import { stackVolumeNotPinned } from '../stack-volume-not-pinned.ts'

/** The rules of what `docker stack deploy` reads, in alphabetical order. */
export const stackRules: readonly Rule<ComposeFile>[] = [
  stackBridgeNetwork,
  stackDependsOnMap,
  stackEncryptionUnproven,
  stackFileTooLarge,
  stackIgnoresDotenv,
  stackIgnoresKey,
  stackIgnoresStartOrder,
  stackImageMissing,
  stackInlineContent,
  stackInterpolatedNumber,
  stackLocalFile,
  stackLocalImage,
  stackNameTooLong,
  stackNetworkDetail,
  stackPortOnAddress,
  stackRefusesKey,
  stackRefusesValue,
  stackSharedHostname,
  stackVolumeNotPinned,
]
