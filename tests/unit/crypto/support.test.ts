/** Whether a browser can keep secrets, asked of browsers that lack one thing each. */
import { describe, expect, test } from 'vitest';
import { missingCapabilities } from '../../../src/lib/crypto/support.ts';

/** A browser that can everything, but for the algorithms named. */
const browserWithout = (algorithms: readonly string[], changes: object = {}): typeof globalThis => {
  const subtle = {
    generateKey: (algorithm: string | { name: string }, ...rest: [boolean, KeyUsage[]]): Promise<unknown> => {
      const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
      if (algorithms.includes(name)) return Promise.reject(new DOMException('unknown', 'NotSupportedError'));
      return crypto.subtle.generateKey(algorithm, ...rest);
    }
  };
  const scope = {
    isSecureContext: true,
    crypto: { subtle },
    indexedDB: {},
    navigator: { serviceWorker: {} },
    ...changes
  };
  return scope as unknown as typeof globalThis;
};

describe('missing capabilities', () => {
  test('nothing is missing where all is well', async () => {
    expect(await missingCapabilities(browserWithout([]))).toEqual([]);
  });

  test.each([
    ['Ed25519', 'ed25519'],
    ['X25519', 'x25519'],
    ['AES-GCM', 'aes-gcm']
  ])('without %s it says %s', async (algorithm, capability) => {
    expect(await missingCapabilities(browserWithout([algorithm]))).toEqual([capability]);
  });

  test('without a secure context nothing else is asked', async () => {
    expect(await missingCapabilities(browserWithout(['Ed25519'], { isSecureContext: false }))).toEqual([
      'secure-context'
    ]);
    expect(await missingCapabilities(browserWithout([], { crypto: {} }))).toEqual(['secure-context']);
  });

  test('without a disk and a worker it says both', async () => {
    const scope = browserWithout([], { indexedDB: undefined, navigator: {} });
    expect(await missingCapabilities(scope)).toEqual(['indexeddb', 'service-worker']);
  });
});
