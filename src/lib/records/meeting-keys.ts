/**
 * Where the devices of a circle meet in an epoch, and leave each other mail: keys from its lighthouse (docs/protocol.md KD1, MB1).
 */
import { assert } from '../base/assert.ts';
import type { Bytes } from '../base/bytes.ts';
import { bytesToId, idBytesLength, type Topic } from '../base/ids.ts';
import { importAeadKey } from '../crypto/aead.ts';
import { deriveBytes, importHmacKey } from '../crypto/hash.ts';
import type { LighthouseKeys } from './epoch-keys.ts';
import { normalRelayUrl } from './relay-url.ts';

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

/** The room where this epoch's replica of a generation is kept alive. */
export const roomTopic = async (lighthouse: LighthouseKeys, generation: number): Promise<Topic> =>
  bytesToId(await deriveBytes(lighthouse.root, `room/${generation}`, idBytesLength));

/** The keys of this epoch's mailbox on a relay. `url`: an address that `normalRelayUrl` takes. MB1. */
export const mailboxKeys = ({ root }: LighthouseKeys, url: string): Promise<MailboxKeys> =>
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
