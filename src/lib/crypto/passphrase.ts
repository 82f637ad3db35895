/**
 * From a passphrase to a secret: Argon2id (RFC 9106), version 0x13, by `@noble/hashes`.
 *
 * It is slow and takes much memory on purpose: whoever copied the files has to pay that for every guess. What it costs is
 * kept beside the salt, so that it can be raised later. It gives the page a turn every few milliseconds. Loaded only where
 * there is a lock, or one is being set.
 */
import { argon2idAsync } from '@noble/hashes/argon2.js';
import { utf8ToBytes, type Bytes } from '../base/bytes.ts';

/** Memory in KiB, passes over it, lanes. */
export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** 64 MiB and three passes, as RFC 9106 §4 has it for where memory is short; one lane, because a page has one. */
export const passphraseCost: Argon2Cost = { memoryKib: 64 * 1024, passes: 3, lanes: 1 };

export const passphraseSaltBytes = 16;
const secretBytes = 32;
/** The page may draw in between. */
const turnMs = 8;

/**
 * 32 secret bytes. The passphrase is taken in Unicode's form NFC, since one letter can be typed as one or as two; nothing
 * else of it is changed. Source: RFC 9106; RFC 8265 §4.2 for NFC.
 */
export const derivePassphraseSecret = (passphrase: string, salt: Bytes, cost: Argon2Cost): Promise<Bytes> =>
  argon2id(utf8ToBytes(passphrase.normalize('NFC')), salt, cost);

/** Argon2id of bytes, 32 of them, with the further inputs that RFC 9106's vectors use. Overwrites `password`. */
export const argon2id = async (
  password: Bytes,
  salt: Bytes,
  { memoryKib, passes, lanes }: Argon2Cost,
  more: { readonly key?: Bytes; readonly personalization?: Bytes } = {}
): Promise<Bytes> => {
  try {
    const options = { m: memoryKib, t: passes, p: lanes, dkLen: secretBytes, asyncTick: turnMs, ...more };
    return new Uint8Array(await argon2idAsync(password, salt, options));
  } finally {
    password.fill(0);
  }
};

/** Whether a cost is less than another in memory or passes: then what it protects deserves the higher one. */
export const isCheaper = (cost: Argon2Cost, than: Argon2Cost): boolean =>
  cost.memoryKib < than.memoryKib || cost.passes < than.passes;
