/**
 * The keys of one epoch, all derived from its 32 random bytes by label (docs/protocol.md KD1).
 *
 * Finding each other hangs on a root of its own, the epoch's lighthouse: whoever deleted the rest can still be found there, and
 * reads nothing that was said.
 */
import {
  bytesToId,
  idBytesLength,
  idToBytes,
  type CircleId,
  type DeviceId,
  type EpochId,
  type MapKey
} from '../base/ids.ts';
import { concatBytes, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import { importAeadKey } from '../crypto/aead.ts';
import { deriveBytes, hmac, importHmacKey, importRootKey } from '../crypto/hash.ts';

/** An epoch's secret, its lighthouse and the circle's slot secret are each as long as this. */
export const epochKeyBytes = 32;
/** What a manifest says of the secret it comes with: see `commitmentOf`. */
export const commitmentBytes = 16;

/** What envelopes are sealed, opened and named with: an epoch's, or its notices' (see `noticeKeys`). */
export interface SealKeys {
  readonly circle: CircleId;
  readonly epoch: EpochId;
  /** Seals envelopes. */
  readonly enc: CryptoKey;
  /** Names slots in a replica: the circle's, the same in all its epochs. */
  readonly slot: CryptoKey;
}

/** What is left of an epoch whose secret was deleted: enough to be found in it, and to say in it where the circle is now. */
export interface LighthouseKeys {
  readonly circle: CircleId;
  readonly epoch: EpochId;
  /** Seals notices. */
  readonly notice: CryptoKey;
  /** Names slots in a replica: the circle's, the same in all its epochs. */
  readonly slot: CryptoKey;
  /** Seals signaling. */
  readonly signal: CryptoKey;
  /** Where the labels with a parameter come from. */
  readonly root: CryptoKey;
}

export interface EpochKeys extends SealKeys {
  /** Where the labels `bundle` and `door` come from. */
  readonly root: CryptoKey;
  /** Seals signaling: the lighthouse's. */
  readonly signal: CryptoKey;
  readonly lighthouse: LighthouseKeys;
}

/** Derives the keys of an epoch from its secret and the circle's slot secret (32 bytes each), which are not kept. */
export const deriveEpochKeys = async (
  circle: CircleId,
  epoch: EpochId,
  secret: Bytes,
  slotSecret: Bytes
): Promise<EpochKeys> => {
  const root = await importRootKey(secret);
  const [enc, lighthouse] = await Promise.all([
    deriveBytes(root, 'enc', 32).then(importAeadKey),
    deriveBytes(root, lighthouseLabel, epochKeyBytes).then((bytes) =>
      deriveLighthouseKeys(circle, epoch, bytes, slotSecret)
    )
  ]);
  const { slot, signal } = lighthouse;
  return { circle, epoch, enc, slot, root, signal, lighthouse };
};

/** Derives what an epoch's lighthouse (32 bytes, `lighthouseSecretOf`) is good for; neither secret is kept. */
export const deriveLighthouseKeys = async (
  circle: CircleId,
  epoch: EpochId,
  lighthouseSecret: Bytes,
  slotSecret: Bytes
): Promise<LighthouseKeys> => {
  const root = await importRootKey(lighthouseSecret);
  const [notice, signal, slot] = await Promise.all([
    deriveBytes(root, 'notice', 32).then(importAeadKey),
    deriveBytes(root, 'signal', 32).then(importAeadKey),
    importHmacKey(slotSecret)
  ]);
  return { circle, epoch, notice, slot, signal, root };
};

/** The root of an epoch's lighthouse: 32 bytes that lead to nothing else of the epoch. */
export const lighthouseSecretOf = (secret: Bytes): Promise<Bytes> => labelled(secret, lighthouseLabel, epochKeyBytes);

/** The circle's slot secret: 32 bytes of its founding epoch's secret, handed on in welcomes ever after. */
export const slotSecretOf = (foundingSecret: Bytes): Promise<Bytes> => labelled(foundingSecret, 'slot', epochKeyBytes);

/** What a manifest says of the secret it comes with, so that nobody hands out two for one epoch: 16 bytes. */
export const commitmentOf = (secret: Bytes): Promise<Bytes> => labelled(secret, 'commit', commitmentBytes);

/** What notices are sealed and opened with: an old epoch's lighthouse, in the shape that envelopes take. */
export const noticeKeys = ({ circle, epoch, notice, slot }: LighthouseKeys): SealKeys => ({
  circle,
  epoch,
  enc: notice,
  slot
});

/** Where a device's slot stands in a replica: the first 16 bytes of HMAC(`slot` key, device ‖ slot). EN8. */
export const mapKeyOf = async (keys: Pick<SealKeys, 'slot'>, device: DeviceId, slot: string): Promise<MapKey> =>
  bytesToId((await hmac(keys.slot, concatBytes(idToBytes(device), utf8ToBytes(slot)))).subarray(0, idBytesLength));

const lighthouseLabel = 'lighthouse';

const labelled = async (secret: Bytes, label: string, length: number): Promise<Bytes> =>
  deriveBytes(await importRootKey(secret), label, length);
