/**
 * The same cryptography without its way through other threads: what `SubtleCrypto` is asked is answered at once (`quick-crypto.ts`).
 *
 * Nothing is weaker or made up: a test proves that bytes and refusals are those of the real methods. Keys are real `CryptoKey`s, made from
 * a seed. Nothing hangs on which thread is done first any more, so a seed repeats to the byte.
 */
import type { SeededRandom } from '../seeded-random.ts';
import { Memory } from './memory.ts';
import { nameOf, QuickCrypto, text, view } from './quick-crypto.ts';
import { seededPair } from './seeded-keys.ts';

/** Answers that way from here on; the returned function gives the real methods back. `random`: what keys are made from. */
export const useQuickSubtle = (random: SeededRandom): (() => void) => {
  const methods = SubtleCrypto.prototype as unknown as Record<string, Method>;
  const restores = Object.entries(answers(random)).map(([name, answer]) => {
    const real = methods[name] as Method;
    methods[name] = async function quickly(this: unknown, ...args: unknown[]) {
      const answered = answer(args);
      return answered === undefined ? real.apply(this, args) : answered;
    };
    return () => {
      methods[name] = real;
    };
  });
  return () => restores.forEach((restore) => restore());
};

type Method = (...args: unknown[]) => Promise<unknown>;

/** What comes of the arguments, or `undefined` where the real method is to be asked. */
type Answer = (args: readonly unknown[]) => unknown;

const answers = (random: SeededRandom): Readonly<Record<string, Answer>> => {
  const quick = new QuickCrypto();
  return {
    digest: ([algorithm, data]) => quick.digest(algorithm, view(data)),
    encrypt: ([algorithm, key, data]) => quick.encrypt(algorithm, key as CryptoKey, view(data)),
    decrypt: ([algorithm, key, data]) => quick.decrypt(algorithm, key as CryptoKey, view(data)),
    sign: ([algorithm, key, data]) => quick.sign(algorithm, key as CryptoKey, view(data)),
    verify: ([algorithm, key, signature, data]) =>
      quick.verify(algorithm, key as CryptoKey, view(signature), view(data)),
    deriveBits: ([algorithm, key, length]) => quick.deriveBits(algorithm, key as CryptoKey, length),
    importKey: importOnce(),
    generateKey: ([algorithm, extractable, usages]) =>
      generate(random, nameOf(algorithm), extractable as boolean, usages as KeyUsage[])
  };
};

/** Keys are never changed, so that the same bytes may be the same key. */
const importOnce = (): Answer => {
  const imported = new Memory<Promise<unknown>>();
  const real = Reflect.get(SubtleCrypto.prototype, 'importKey') as Method;
  return (args) => {
    const [format, data, ...how] = args;
    if (format !== 'raw' && format !== 'pkcs8') return undefined;
    const input = `${format} ${JSON.stringify(how)} ${text(view(data))}`;
    return imported.of(input, () => real.apply(crypto.subtle, [...args]));
  };
};

const generate = (random: SeededRandom, name: unknown, extractable: boolean, usages: readonly KeyUsage[]): unknown => {
  if (name === 'Ed25519' || name === 'X25519') return seededPair(random, name, extractable, usages);
  return name === 'AES-GCM' ? crypto.subtle.importKey('raw', random.bytes(32), name, extractable, usages) : undefined;
};
