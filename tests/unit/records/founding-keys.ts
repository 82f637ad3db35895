/** The keys of an epoch that is its circle's first. */
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import type { CircleId, EpochId } from '../../../src/lib/base/ids.ts';
import { deriveEpochKeys, slotSecretOf, type EpochKeys } from '../../../src/lib/records/epoch-keys.ts';

export const foundingKeys = async (circle: CircleId, epoch: EpochId, secret: Bytes): Promise<EpochKeys> =>
  deriveEpochKeys(circle, epoch, secret, await slotSecretOf(secret));
