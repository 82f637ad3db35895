/**
 * The keys of one epoch, all derived from its 32 random bytes by label (docs/protocol.md KD1).
 */
import {
  bytesToId,
  idBytesLength,
  idToBytes,
  type CircleId,
  type DeviceId,
  type EpochId,
  type MapKey,
  type Topic
} from '../base/ids.ts';
import { assert } from '../base/assert.ts';
import { concatBytes, utf8ToBytes, type Bytes } from '../base/bytes.ts';
import { importAeadKey } from '../crypto/aead.ts';
import { deriveBytes, hmac, importHmacKey, importRootKey } from '../crypto/hash.ts';
import { normalRelayUrl } from './relay-url.ts';

export const epochKeyBytes = 32;

export interface EpochKeys {
  readonly circle: CircleId;
  readonly epoch: EpochId;
  /** Seals envelopes. */
  readonly enc: CryptoKey;
  /** Names slots in a replica. */
  readonly slot: CryptoKey;
  /** Seals signaling. */
  readonly signal: CryptoKey;
  /** Where the labels with a parameter come from. */
  readonly root: CryptoKey;
}

/** What one mailbox on one relay is read and written with: an epoch's, or an invitation's. On another relay all differ. */
export interface MailboxKeys {
  /** The relay's address, as `normalRelayUrl` has it. */
  readonly url: string;
  /** Makes the key that the mailbox is named by, and that signs in to it: 48 bytes. */
  readonly seed: Bytes;
  /** Seals what is left there. */
  readonly seal: CryptoKey;
  /** Makes each letter's own author key. */
  readonly authors: CryptoKey;
}

const mailboxSeedBytes = 48;

/** Derives the keys of an epoch from its secret (32 bytes), which is not kept. */
export const deriveEpochKeys = async (circle: CircleId, epoch: EpochId, secret: Bytes): Promise<EpochKeys> => {
  const root = await importRootKey(secret);
  const [enc, slot, signal] = await Promise.all([
    deriveBytes(root, 'enc', 32).then(importAeadKey),
    deriveBytes(root, 'slot', 32).then(importHmacKey),
    deriveBytes(root, 'signal', 32).then(importAeadKey)
  ]);
  return { circle, epoch, enc, slot, signal, root };
};

/** The room where this epoch's replica of a generation is kept alive. */
export const roomTopic = async (keys: EpochKeys, generation: number): Promise<Topic> =>
  bytesToId(await deriveBytes(keys.root, `room/${generation}`, idBytesLength));

/** The keys of this epoch's mailbox on a relay. `url`: an address that `normalRelayUrl` takes. MB1. */
export const mailboxKeys = ({ root }: Pick<EpochKeys, 'root'>, url: string): Promise<MailboxKeys> =>
  deriveMailboxKeys(root, 'mailbox/', url);

/**
 * The keys of a mailbox on a relay, whatever it is for. `label` says what, and ends in a slash: with another one, or
 * another root, nothing that a relay sees is the same. `url`: an address that `normalRelayUrl` takes. MB1, IN10.
 */
export const deriveMailboxKeys = async (root: CryptoKey, label: string, url: string): Promise<MailboxKeys> => {
  const normal = normalRelayUrl(url);
  assert(normal !== undefined, 'a mailbox is on a relay with an address');
  const bytes = await deriveBytes(root, label + normal, mailboxSeedBytes + 64);
  const [seal, authors] = await Promise.all([
    importAeadKey(bytes.slice(mailboxSeedBytes, mailboxSeedBytes + 32)),
    importHmacKey(bytes.slice(mailboxSeedBytes + 32))
  ]);
  return { url: normal, seed: bytes.slice(0, mailboxSeedBytes), seal, authors };
};

/** Where a device's slot stands in a replica: the first 16 bytes of HMAC(`slot` key, device ‖ slot). EN8. */
export const mapKeyOf = async (keys: EpochKeys, device: DeviceId, slot: string): Promise<MapKey> =>
  bytesToId((await hmac(keys.slot, concatBytes(idToBytes(device), utf8ToBytes(slot)))).subarray(0, idBytesLength));
