/** Ed25519: keys and signatures that look right and are not, or are and do not look it. */
import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, concatBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { littleEndian, numberOf, p } from './curve-numbers.ts';
import type { SignatureVector } from './primitives.ts';

const { Point } = ed25519;
type EdPoint = InstanceType<typeof Point>;
/** The order of the base point. */
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const random = seededRandom(0xed);
const seed = random.bytes(32);
const key = Uint8Array.from(ed25519.getPublicKey(seed));
const scalar = ed25519.utils.getExtendedPublicKey(seed).scalar;
const message = utf8ToBytes('How are we really doing?');
const signature = Uint8Array.from(ed25519.sign(message, seed));
const [r, s] = [signature.slice(0, 32), numberOf(signature.subarray(32))];
const signBit = 2n ** 255n;

const bytesOf = (point: EdPoint): Bytes => Uint8Array.from(point.toBytes());
/** A generator of the eight points of small order. */
const eighth = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', true);
const torsion = [...Array(8).keys()].map((n) => (n === 0 ? Point.ZERO : eighth.multiplyUnsafe(BigInt(n))));
/** Every way to write a point of small order: with y unreduced where there is room, and with a sign where x is 0. */
const smallOrder: readonly Bytes[] = [
  0n,
  1n,
  p - 1n,
  p,
  p + 1n,
  ...[1, 3].map((n) => torsion[n]?.toAffine().y ?? 0n)
].flatMap((y) => [littleEndian(y), littleEndian(y | signBit)]);

/** SHA-512(R ‖ A ‖ M) as a number. RFC 8032 §5.1.7. */
const challenge = (rBytes: Bytes, keyBytes: Bytes, said: Bytes): bigint =>
  numberOf(
    createHash('sha512')
      .update(concatBytes(rBytes, keyBytes, said))
      .digest()
  ) % order;
const challengeUnreduced = (rBytes: Bytes, keyBytes: Bytes, said: Bytes): bigint =>
  numberOf(
    createHash('sha512')
      .update(concatBytes(rBytes, keyBytes, said))
      .digest()
  );

/** The first of many messages for which something holds. */
const messageWhere = (holds: (said: Bytes) => boolean): Bytes => {
  for (let n = 0; ; n++) {
    const said = utf8ToBytes(`message ${n}`);
    if (holds(said)) return said;
  }
};

export const signatureVectors = (): SignatureVector[] => [
  ...published,
  ...goodOnes(),
  ...wrongS(),
  ...wrongR(),
  ...wrongLengths(),
  ...otherThings(),
  ...weakKeys(),
  ...mixedKeys()
];

const vector = (
  what: string,
  given: { key?: Bytes; message?: Bytes; signature: Bytes },
  valid = false
): SignatureVector => ({
  what,
  key: bytesToHex(given.key ?? key),
  message: bytesToHex(given.message ?? message),
  signature: bytesToHex(given.signature),
  valid
});

/** RFC 8032 §7.1. */
const published: readonly SignatureVector[] = [
  {
    what: 'RFC 8032 test 2',
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    valid: true
  },
  {
    what: 'RFC 8032 test SHA(abc)',
    key: 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    message:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    signature:
      'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
    valid: true
  }
];

/** Lengths around SHA-512's blocks, and signatures whose halves have a rare form. */
const goodOnes = (): SignatureVector[] => {
  const signed = (what: string, said: Bytes): SignatureVector =>
    vector(what, { message: said, signature: Uint8Array.from(ed25519.sign(said, seed)) }, true);
  const where = (what: string, holds: (made: Bytes) => boolean): SignatureVector =>
    signed(
      what,
      messageWhere((said) => holds(Uint8Array.from(ed25519.sign(said, seed))))
    );
  return [
    ...[0, 1, 47, 48, 63, 64, 65, 111, 112, 127, 128, 1000].map((n) => signed(`valid, ${n} bytes`, random.bytes(n))),
    where('valid, S begins with a byte of zeros', (made) => made[63] === 0),
    where('valid, S ends with a byte of zeros', (made) => made[32] === 0),
    where('valid, R has its sign set', (made) => (made[31] ?? 0) >= 0x80),
    where('valid, R has none', (made) => (made[31] ?? 0) < 0x80),
    where('valid, R ends with ff', (made) => made[0] === 0xff)
  ];
};

/** RFC 8032 §5.1.7: S is below L, else anybody could make another signature of one. */
const wrongS = (): SignatureVector[] =>
  (
    [
      ['S + L', s + order],
      ['S + 2L', s + 2n * order],
      ['S + 8L', s + 8n * order],
      ['S + 15L', s + 15n * order],
      ['S with bit 253 set', s | (1n << 253n)],
      ['S with bit 254 set', s | (1n << 254n)],
      ['S with bit 255 set', s | (1n << 255n)],
      ['-S', order - s],
      ['S + 1', s + 1n],
      ['S - 1', s - 1n],
      ['S is 0', 0n],
      ['S is 1', 1n],
      ['S is L - 1', order - 1n],
      ['S is L', order],
      ['S is L + 1', order + 1n],
      ['S is 2^252', 2n ** 252n],
      ['S is 2^255 - 19', p],
      ['S is 2^256 - 1', 2n ** 256n - 1n]
    ] as const
  ).map(([what, value]) => vector(what, { signature: concatBytes(r, littleEndian(value)) }));

const wrongR = (): SignatureVector[] => {
  const withR = (what: string, bytes: Bytes): SignatureVector =>
    vector(what, { signature: concatBytes(bytes, littleEndian(s)) });
  // Whoever holds the key can do without a nonce: then R is the identity, and some implementations are content.
  const identity = bytesOf(Point.ZERO);
  const without = (rBytes: Bytes): Bytes =>
    concatBytes(rBytes, littleEndian((challenge(rBytes, key, message) * scalar) % order));
  const eighthKnown = torsion[1] ?? Point.ZERO;
  return [
    withR(
      'R with the other sign',
      Uint8Array.from(r, (byte, i) => (i === 31 ? byte ^ 0x80 : byte))
    ),
    withR(
      'R with a bit flipped',
      Uint8Array.from(r, (byte, i) => (i === 0 ? byte ^ 1 : byte))
    ),
    withR('R is 2, which is on no curve', littleEndian(2n)),
    withR('R is 2^255 - 1', littleEndian(2n ** 255n - 1n)),
    withR('R is 2^256 - 1', littleEndian(2n ** 256n - 1n)),
    ...smallOrder.map((point, i) => withR(`R is of small order, way ${i}`, point)),
    vector('made without a nonce: R is the identity', { signature: without(identity) }),
    vector('made without a nonce: R is the identity, y unreduced', { signature: without(littleEndian(p + 1n)) }),
    vector('made without a nonce: R is of order 8', { signature: without(bytesOf(eighthKnown)) }),
    vector('R carries a part of small order, and S does not', {
      signature: (() => {
        const rPoint = Point.fromBytes(r).add(eighthKnown);
        const nonce = (s - challenge(r, key, message) * scalar) % order;
        const rBytes = bytesOf(rPoint);
        const again = (((nonce + challenge(rBytes, key, message) * scalar) % order) + order) % order;
        return concatBytes(rBytes, littleEndian(again));
      })()
    })
  ];
};

const wrongLengths = (): SignatureVector[] => [
  vector('no signature', { signature: new Uint8Array(0) }),
  ...[1, 31, 32, 33, 62, 63].map((n) => vector(`cut to ${n} bytes`, { signature: signature.slice(0, n) })),
  vector('a zero after it', { signature: concatBytes(signature, Uint8Array.of(0)) }),
  vector('a zero before it', { signature: concatBytes(Uint8Array.of(0), signature) }),
  vector('twice', { signature: concatBytes(signature, signature) }),
  vector('a zero within R', { signature: concatBytes(r.slice(0, 31), Uint8Array.of(0), signature.slice(31)) }),
  vector('only zeros', { signature: new Uint8Array(64) }),
  vector('only ff', { signature: new Uint8Array(64).fill(255) }),
  vector('halves exchanged', { signature: concatBytes(signature.slice(32), r) }),
  vector('as ASN.1 would have it', {
    signature: concatBytes(Uint8Array.of(0x30, 0x44, 2, 32), r, Uint8Array.of(2, 32), signature.slice(32))
  })
];

const otherThings = (): SignatureVector[] => {
  const [other, more] = [
    Uint8Array.from(ed25519.getPublicKey(random.bytes(32))),
    concatBytes(message, Uint8Array.of(0))
  ];
  return [
    vector('another message', { message: utf8ToBytes('How are you?'), signature }),
    vector('a longer message', { message: more, signature }),
    vector('no message', { message: new Uint8Array(0), signature }),
    vector('another key', { key: other, signature }),
    vector('the key with its sign changed', {
      key: Uint8Array.from(key, (byte, i) => (i === 31 ? byte ^ 0x80 : byte)),
      signature
    }),
    vector('the key is 2, which is on no curve', { key: littleEndian(2n), signature }),
    vector('the key is 2^255 - 1', { key: littleEndian(2n ** 255n - 1n), signature }),
    vector('the key is y = 3, unreduced', { key: littleEndian(p + 3n), signature }),
    ...[0, 31, 33, 64].map((n) => vector(`a key of ${n} bytes`, { key: concatBytes(key, key).slice(0, n), signature })),
    vector('a prehashed signature (Ed25519ph)', { signature: prehashed })
  ];
};

/** Of this message by this key, by RFC 8032 §5.1 with `dom2(1, '')`: what it signs is a hash, and no message. */
const prehashed = (() => {
  const dom = concatBytes(utf8ToBytes('SigEd25519 no Ed25519 collisions'), Uint8Array.of(1, 0));
  const hash = createHash('sha512').update(message).digest();
  const nonce =
    numberOf(
      createHash('sha512')
        .update(concatBytes(dom, random.bytes(32), hash))
        .digest()
    ) % order;
  const rBytes = bytesOf(Point.BASE.multiply(nonce));
  const k =
    numberOf(
      createHash('sha512')
        .update(concatBytes(dom, rBytes, key, hash))
        .digest()
    ) % order;
  return concatBytes(rBytes, littleEndian((nonce + k * scalar) % order));
})();

/** Under a key of small order a signature that nobody made fits: S = 0 and R = -kA, for one message in eight R = the identity. */
const weakKeys = (): SignatureVector[] => {
  const identity = bytesOf(Point.ZERO);
  return smallOrder.flatMap((weak, i) => {
    const said = messageWhere(
      (each) => challengeUnreduced(identity, weak, each) % 8n === 0n && challenge(identity, weak, each) % 8n === 0n
    );
    const forged = concatBytes(identity, new Uint8Array(32));
    return [
      vector(`a key of small order, way ${i}: a signature by nobody`, { key: weak, message: said, signature: forged }),
      vector(`a key of small order, way ${i}: R is the key`, {
        key: weak,
        message: said,
        signature: concatBytes(weak, new Uint8Array(32))
      })
    ];
  });
};

/**
 * A key with a part of order 8 is no honest device's. What is signed with it verifies where the challenge takes that part away;
 * elsewhere only those who multiply by the cofactor would be content, and no browser may: friends must see the same.
 */
const mixedKeys = (): SignatureVector[] => {
  const mixed = bytesOf(Point.BASE.multiply(scalar).add(torsion[1] ?? Point.ZERO));
  const nonce = numberOf(random.bytes(32)) % order;
  const rBytes = bytesOf(Point.BASE.multiply(nonce));
  const sign = (said: Bytes): Bytes =>
    concatBytes(rBytes, littleEndian((nonce + challenge(rBytes, mixed, said) * scalar) % order));
  const fits = messageWhere((said) => challenge(rBytes, mixed, said) % 8n === 0n);
  const fitsNot = messageWhere((said) => challenge(rBytes, mixed, said) % 8n === 3n);
  return [
    vector(
      'a key of mixed order, where its part of order 8 falls away',
      { key: mixed, message: fits, signature: sign(fits) },
      true
    ),
    vector('a key of mixed order, where it does not', { key: mixed, message: fitsNot, signature: sign(fitsNot) })
  ];
};
