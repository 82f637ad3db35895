/**
 * The key of an epoch that seals what is carried by hand (docs/protocol.md KD1, BU1).
 *
 * Derived only where something is carried: no other screen needs it.
 */
import { importAeadKey } from '../crypto/aead.ts';
import { deriveBytes } from '../crypto/hash.ts';
import type { EpochKeys } from './epoch-keys.ts';

/** An epoch with the key that seals its bundles. */
export interface BundleKey {
  readonly epoch: EpochKeys;
  readonly key: CryptoKey;
}

export const deriveBundleKey = async (epoch: EpochKeys): Promise<BundleKey> => ({
  epoch,
  key: await importAeadKey(await deriveBytes(epoch.root, 'bundle', 32))
});
