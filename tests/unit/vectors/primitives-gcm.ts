/** AES-256-GCM: boxes that were changed where it is easily missed, and a GCM of our own to make them with. */
import { createCipheriv } from 'node:crypto';
import { bytesToHex, concatBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { hex } from '../crypto/known-device.ts';
import type { AeadVector } from './primitives.ts';

const random = seededRandom(0x9c);
const key = random.bytes(32);
const nonce = random.bytes(12);
const aad = utf8ToBytes('who it is bound to');
const plaintext = utf8ToBytes('Not fine. Come by.');

/** nonce ‖ ciphertext ‖ tag, by the book: NIST SP 800-38D §7.1, for nonces of 12 bytes and of any other length. */
export const gcmBox = (rawKey: Bytes, iv: Bytes, plain: Bytes, bound: Bytes): Bytes => {
  const first =
    iv.length === 12 ? concatBytes(iv, hex('00000001')) : toBlock(ghash(rawKey, new Uint8Array(0), iv, true));
  const ciphertext = xor(plain, keystream(rawKey, first, plain.length));
  const tag = xor(toBlock(ghash(rawKey, bound, ciphertext)), block(rawKey, first));
  return concatBytes(iv, ciphertext, tag);
};

const block = (rawKey: Bytes, input: Bytes): Bytes => {
  const cipher = createCipheriv(`aes-${rawKey.length * 8}-ecb`, rawKey, null);
  return Uint8Array.from(cipher.update(input));
};

const keystream = (rawKey: Bytes, first: Bytes, length: number): Bytes => {
  const blocks: Bytes[] = [];
  const counter = first.slice();
  const view = new DataView(counter.buffer);
  for (let made = 0; made < length; made += 16) {
    view.setUint32(12, view.getUint32(12) + 1);
    blocks.push(block(rawKey, counter));
  }
  return concatBytes(...blocks).slice(0, length);
};

/** The polynomials of SP 800-38D §6.3, the first bit being the coefficient of 1. */
const toNumber = (bytes: Bytes): bigint => BigInt(`0x${bytesToHex(bytes)}`);
const toBlock = (value: bigint): Bytes => hex(value.toString(16).padStart(32, '0'));
const reduction = 0xe1n << 120n;

const times = (x: bigint, y: bigint): bigint => {
  let [product, shifted] = [0n, y];
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ reduction : shifted >> 1n;
  }
  return product;
};

/** x^(2^128 - 2). */
const inverseOf = (x: bigint): bigint => {
  let [result, square] = [1n << 127n, times(x, x)];
  for (let i = 1; i < 128; i++, square = times(square, square)) result = times(result, square);
  return result;
};

const lengths = (boundBytes: number, sealedBytes: number): bigint =>
  (BigInt(8 * boundBytes) << 64n) | BigInt(8 * sealedBytes);

const ghash = (rawKey: Bytes, bound: Bytes, sealed: Bytes, isNonce = false): bigint => {
  const h = toNumber(block(rawKey, new Uint8Array(16)));
  let sum = 0n;
  for (const part of isNonce ? [sealed] : [bound, sealed]) {
    for (let at = 0; at < part.length; at += 16) {
      const padded = new Uint8Array(16);
      padded.set(part.subarray(at, at + 16));
      sum = times(sum ^ toNumber(padded), h);
    }
  }
  return times(sum ^ lengths(isNonce ? 0 : bound.length, sealed.length), h);
};

const xor = (a: Bytes, b: Bytes): Bytes => a.map((byte, i) => byte ^ (b[i] ?? 0));

export const aeadVectors = (): AeadVector[] => [
  ...published,
  ...goodOnes(),
  ...rareTags(),
  ...wrongTags(),
  ...wrongBoxes()
];

const vector = (
  what: string,
  box: Bytes,
  opens: Bytes | null,
  given: { key?: Bytes; aad?: Bytes } = {}
): AeadVector => ({
  what,
  key: bytesToHex(given.key ?? key),
  aad: bytesToHex(given.aad ?? aad),
  box: bytesToHex(box),
  plaintext: opens === null ? null : bytesToHex(opens)
});

/** McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, the cases with 256-bit keys and 96-bit nonces. */
const published: readonly AeadVector[] = [
  {
    what: 'test case 13: nothing at all',
    ...{ key: '00'.repeat(32), aad: '', plaintext: '' },
    box: `${'00'.repeat(12)}530f8afbc74536b9a963b4f1c4cb738b`
  },
  {
    what: 'test case 14: a block of zeros',
    ...{ key: '00'.repeat(32), aad: '', plaintext: '00'.repeat(16) },
    box: `${'00'.repeat(12)}cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919`
  }
];

const goodOnes = (): AeadVector[] => {
  const sealed = (what: string, plain: Bytes, bound: Bytes, iv = random.bytes(12)): AeadVector =>
    vector(what, gcmBox(key, iv, plain, bound), plain, { aad: bound });
  return [
    ...[0, 1, 2, 15, 16, 17, 31, 32, 33, 64, 255, 256].map((n) => sealed(`${n} bytes`, random.bytes(n), aad)),
    ...[0, 1, 12, 13, 15, 16, 17, 48].map((n) => sealed(`bound to ${n} bytes`, plaintext, random.bytes(n))),
    sealed('a nonce of zeros', plaintext, aad, new Uint8Array(12)),
    sealed('a nonce of ff', plaintext, aad, new Uint8Array(12).fill(255)),
    sealed('a nonce that ends as a counter does', plaintext, aad, hex('fffffffffffffffffffffffe'))
  ];
};

/** Bound to what makes the tag so: for one block A, tag = (A·H ⊕ lengths)·H ⊕ E(J). */
const rareTags = (): AeadVector[] => {
  const inverse = inverseOf(toNumber(block(key, new Uint8Array(16))));
  const mask = toNumber(block(key, concatBytes(nonce, hex('00000001'))));
  return [
    '00'.repeat(16),
    'ff'.repeat(16),
    `80${'00'.repeat(15)}`,
    `${'00'.repeat(15)}01`,
    `7f${'ff'.repeat(15)}`
  ].flatMap((tag) => {
    const bound = toBlock(times(times(toNumber(hex(tag)) ^ mask, inverse) ^ lengths(16, 0), inverse));
    const box = concatBytes(nonce, hex(tag));
    const flipped = box.map((byte, i) => (i === box.length - 1 ? byte ^ 1 : byte));
    return [
      vector(`a tag of ${tag}`, box, new Uint8Array(0), { aad: bound }),
      vector(`a tag of ${tag}, but for a bit`, flipped, null, { aad: bound })
    ];
  });
};

const wrongTags = (): AeadVector[] => {
  const box = gcmBox(key, nonce, plaintext, aad);
  const tagAt = box.length - 16;
  const changed = (what: string, change: (byte: number, i: number) => number): AeadVector =>
    vector(
      what,
      box.map((byte, i) => (i < tagAt ? byte : change(byte, i - tagAt))),
      null
    );
  const bits = [0, 1, 7, 8, 31, 32, 33, 63, 64, 71, 77, 80, 96, 103, 120, 121, 126, 127];
  return [
    vector('as it was sealed', box, plaintext),
    ...bits.map((bit) =>
      changed(`bit ${bit} of the tag flipped`, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    ),
    changed('two bits of the tag flipped', (byte, i) => (i === 0 || i === 8 ? byte ^ 1 : byte)),
    changed('all bits of the tag flipped', (byte) => byte ^ 255),
    changed('every high bit of the tag flipped', (byte) => byte ^ 128),
    changed('every low bit of the tag flipped', (byte) => byte ^ 1),
    changed('the tag is zeros', () => 0),
    changed('the tag is ff', () => 255),
    changed('the tag backwards', (_, i) => box[box.length - 1 - i] ?? 0)
  ];
};

const wrongBoxes = (): AeadVector[] => {
  const box = gcmBox(key, nonce, plaintext, aad);
  const end = box.length;
  const flip = (at: number): Bytes => box.map((byte, i) => (i === at ? byte ^ 1 : byte));
  return [
    // A tag of fewer bytes is a mode of its own in WebCrypto and elsewhere; here it is a box that was cut.
    ...[0, 4, 8, 11, 12, 13, 14, 15].map((n) => vector(`a tag cut to ${n} bytes`, box.slice(0, end - 16 + n), null)),
    vector('a zero after the tag', concatBytes(box, Uint8Array.of(0)), null),
    vector('the tag twice', concatBytes(box, box.slice(-16)), null),
    vector('the nonce alone', box.slice(0, 12), null),
    vector(
      'the nonce and a tag of another',
      concatBytes(nonce, gcmBox(key, random.bytes(12), new Uint8Array(0), aad).slice(-16)),
      null
    ),
    vector('nothing', new Uint8Array(0), null),
    vector('the first byte of the nonce changed', flip(0), null),
    vector('the last byte of the nonce changed', flip(11), null),
    vector('the first byte of the ciphertext changed', flip(12), null),
    vector('the last byte of the ciphertext changed', flip(end - 17), null),
    vector('the ciphertext cut by a byte', concatBytes(box.slice(0, end - 17), box.slice(-16)), null),
    vector('a nonce of 8 bytes', gcmBox(key, random.bytes(8), plaintext, aad), null),
    vector('a nonce of 16 bytes', gcmBox(key, random.bytes(16), plaintext, aad), null),
    vector('bound to something else', box, null, { aad: utf8ToBytes('who it was bound to') }),
    vector('bound to nothing', box, null, { aad: new Uint8Array(0) }),
    vector('bound to the same and a zero', box, null, { aad: concatBytes(aad, Uint8Array.of(0)) }),
    vector('under another key', box, null, { key: random.bytes(32) }),
    vector(
      'what was bound moved into what was sealed',
      gcmBox(key, nonce, concatBytes(aad, plaintext), new Uint8Array(0)),
      null
    ),
    vector('under the first half of the key, as AES-128', gcmBox(key.slice(0, 16), nonce, plaintext, aad), null)
  ];
};
