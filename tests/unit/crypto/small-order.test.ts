/** Ed25519 keys that nobody need hold: refused as keys, whatever the platform's own verifying would say. */
import { readFileSync } from 'node:fs';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { importVerifyKey } from '../../../src/lib/crypto/verification.ts';
import type { PrimitiveVectors } from '../vectors/primitives.ts';
import { friendSecrets, hex } from './known-device.ts';

const { ed25519: vectors } = JSON.parse(
  readFileSync(new URL('../vectors/primitives-v1.json', import.meta.url), 'utf8')
) as PrimitiveVectors;
const weak = vectors.filter(({ what }) => what.endsWith('a signature by nobody'));

describe('a public signing key', () => {
  test.each(weak)('$what: it is none', async ({ key }) => {
    expect(await importVerifyKey(hex(key))).toBeUndefined();
  });

  test('that begins somewhere in a longer piece of memory is read where it begins', async () => {
    const memory = new Uint8Array(96);
    memory.set(hex(weak[0]?.key ?? ''), 40);
    expect(await importVerifyKey(memory.subarray(40, 72))).toBeUndefined();
    const { publicKeys } = await friendSecrets(0);
    memory.set(publicKeys.sign, 40);
    expect(await importVerifyKey(memory.subarray(40, 72))).toBeDefined();
  });

  test('of small order beside an honest one is no key of small order', async () => {
    const { publicKeys } = await friendSecrets(1);
    const honest = ed25519.Point.fromBytes(publicKeys.sign);
    for (const { key } of weak) {
      const mixed = honest.add(ed25519.Point.fromHex(key, true));
      expect(await importVerifyKey(Uint8Array.from(mixed.toBytes()))).toBeDefined();
    }
  });
});
