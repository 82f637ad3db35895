/** The hard vectors in Node: Ed25519, X25519, AES-GCM, and HPKE of both. The same in a browser: tests/component. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hex } from '../crypto/known-device.ts';
import { gcmBox } from './primitives-gcm.ts';
import { makePrimitiveVectors, type PrimitiveVectors } from './primitives.ts';
import { misjudged } from './primitives-try.ts';

const vectors = JSON.parse(readFileSync(new URL('./primitives-v1.json', import.meta.url), 'utf8')) as PrimitiveVectors;
const all = Object.values(vectors).flat() as readonly { readonly what: string }[];

describe('hard vectors', () => {
  test('our own functions take what is right and refuse what is not', async () => {
    expect(await misjudged(vectors)).toEqual([]);
  });

  test('a wrong expectation would be seen, of each kind', async () => {
    const wrong: PrimitiveVectors = {
      ed25519: vectors.ed25519.map((vector) => ({ ...vector, valid: !vector.valid })),
      x25519: vectors.x25519.map((vector) => ({ ...vector, shared: vector.shared === null ? '00'.repeat(32) : null })),
      aesGcm: vectors.aesGcm.map((vector) => ({ ...vector, plaintext: vector.plaintext === null ? '' : null })),
      hpke: vectors.hpke.map((vector) => ({ ...vector, plaintext: vector.plaintext === null ? '' : null }))
    };
    expect(await misjudged(wrong)).toHaveLength(all.length);
  });

  test('are what they were when they were written down, each of them once', () => {
    expect(makePrimitiveVectors()).toEqual(vectors);
    for (const kind of Object.values(vectors) as (readonly { readonly what: string }[])[])
      expect(new Set(kind.map(({ what }) => what)).size).toBe(kind.length);
  });
});

describe('what the vectors are made with', () => {
  test('seals as test case 16 of the GCM specification does', () => {
    const key = hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308');
    const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const plaintext = hex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39'
    );
    const sealed =
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
      '76fc6ece0f4e1768cddf8853bb2d551b';
    expect(gcmBox(key, hex('cafebabefacedbaddecaf888'), plaintext, aad)).toEqual(
      hex(`cafebabefacedbaddecaf888${sealed}`)
    );
  });

  test('knows every key of small order: eight points, and six more ways to write them', () => {
    const weak = vectors.ed25519.filter(({ what }) => what.endsWith('a signature by nobody'));
    const points = weak.map(({ key }) => ed25519.Point.fromHex(key, true));
    expect(points.every((point) => point.isSmallOrder())).toBe(true);
    expect(weak).toHaveLength(14);
    expect(new Set(points.map((point) => point.toHex())).size).toBe(8);
  });
});
