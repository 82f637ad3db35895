/**
 * Keys that are real ones, made from a seed instead of from the machine's randomness.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { SeededRandom } from '../seeded-random.ts';

export type PairAlgorithm = 'Ed25519' | 'X25519';

/** A pair as `generateKey` makes it: the public half is always extractable. */
export const seededPair = async (
  random: SeededRandom,
  algorithm: PairAlgorithm,
  extractable: boolean,
  usages: readonly KeyUsage[]
): Promise<CryptoKeyPair> => {
  const pkcs8 = Buffer.concat([Buffer.from(pkcs8Prefix[algorithm], 'hex'), random.bytes(32)]);
  const publicKey = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const privateUsages = usages.filter((usage) => usage !== 'verify');
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, extractable, privateUsages),
    publicKey: await crypto.subtle.importKey('raw', raw, algorithm, true, algorithm === 'Ed25519' ? ['verify'] : [])
  };
};

/** Runs a task in which every pair that is generated comes from this stream. */
export const withSeededKeys = async <T>(random: SeededRandom, task: () => Promise<T>): Promise<T> => {
  const generateKey = (algorithm: PairAlgorithm, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKeyPair> =>
    seededPair(random, algorithm, extractable, usages);
  Object.assign(crypto.subtle, { generateKey });
  try {
    return await task();
  } finally {
    Reflect.deleteProperty(crypto.subtle, 'generateKey');
  }
};

/** RFC 8410 §7: what stands before the 32 bytes of a private key. */
const pkcs8Prefix = {
  Ed25519: '302e020100300506032b657004220420',
  X25519: '302e020100300506032b656e04220420'
} as const;
