/** X25519: public keys that are no honest device's, and what must come of them. RFC 7748 §5, §6.1. */
import { x25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, type Bytes } from '../../../src/lib/base/bytes.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { hex } from '../crypto/known-device.ts';
import { littleEndian, p } from './curve-numbers.ts';
import type { AgreementVector } from './primitives.ts';

const random = seededRandom(0x25519);
const own = random.bytes(32);
const highBit = 2n ** 255n;
/** The order of the base point. */
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

/** Every u of a point of order 1, 2, 4 or 8, on the curve or its twist, reduced or not, with the unused bit or not. */
export const lowOrder: readonly (readonly [what: string, u: Bytes])[] = (
  [
    ['0', 0n],
    ['1', 1n],
    ['of order 8', 325606250916557431795983626356110631294008115727848805560023387167927233504n],
    ['of order 8, the other', 39382357235489614581723060781553021112529911719440698176882885853963445705823n],
    ['p - 1', p - 1n],
    ['p', p],
    ['p + 1', p + 1n]
  ] as const
).flatMap(([what, u]) => [
  [what, littleEndian(u)] as const,
  [`${what}, the unused bit set`, littleEndian(u | highBit)] as const
]);

/** RFC 7748 §5: the unused bit is masked, and u is taken modulo p. */
const sharedBy = (privateKey: Bytes, u: Bytes): string => bytesToHex(x25519.scalarMult(privateKey, u));

export const agreementVectors = (): AgreementVector[] => [
  {
    what: 'RFC 7748 §5.2, the first',
    own: 'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
    theirs: 'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
    shared: 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'
  },
  {
    what: 'RFC 7748 §5.2, the second, with the unused bit set',
    own: '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
    theirs: 'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
    shared: '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957'
  },
  ...lowOrder.map(([what, u]) => ({
    what: `u is ${what}: nothing is shared`,
    own: bytesToHex(own),
    theirs: bytesToHex(u),
    shared: null
  })),
  ...unreduced(),
  ...points(),
  ...privateKeys(),
  ...rareResults()
];

const vector = (what: string, privateKey: Bytes, u: Bytes): AgreementVector => ({
  what,
  own: bytesToHex(privateKey),
  theirs: bytesToHex(u),
  shared: sharedBy(privateKey, u)
});

/** There is room for u from p to 2^255 - 1, and each means what is left of it. */
const unreduced = (): AgreementVector[] =>
  [2n, 3n, 4n, 5n, 9n, 16n, 17n, 18n].flatMap((rest) => [
    vector(`u is p + ${rest}`, own, littleEndian(p + rest)),
    vector(`u is p + ${rest}, the unused bit set`, own, littleEndian((p + rest) | highBit))
  ]);

/** Small and great u, on the curve and on its twist; and some by chance, half of which are on either. */
const points = (): AgreementVector[] => [
  ...[
    2n,
    3n,
    4n,
    5n,
    6n,
    7n,
    9n,
    2n ** 16n,
    2n ** 51n - 1n,
    2n ** 51n,
    2n ** 102n,
    2n ** 128n,
    2n ** 204n,
    2n ** 254n,
    p - 2n,
    p - 3n
  ].map((u) => vector(`u is ${u}, on the ${isOnCurve(u) ? 'curve' : 'twist'}`, own, littleEndian(u))),
  ...Array.from({ length: 16 }, (_, i) => vector(`by chance ${i}`, random.bytes(32), random.bytes(32)))
];

/** Clamping makes every 32 bytes a scalar. RFC 7748 §5. */
const privateKeys = (): AgreementVector[] => {
  const theirs = Uint8Array.from(x25519.getPublicKey(random.bytes(32)));
  return [
    vector('a private key of zeros', new Uint8Array(32), theirs),
    vector('a private key of ff', new Uint8Array(32).fill(255), theirs),
    vector('a private key of only the bits that clamping changes', hex(`07${'00'.repeat(30)}c0`), theirs),
    vector('a private key of all bits but those', hex(`f8${'ff'.repeat(30)}3f`), theirs)
  ];
};

/** Public keys made for this private key, so that what is shared is 9, and what is shared is 9 by its inverse. */
const rareResults = (): AgreementVector[] => {
  const clamped = own.slice();
  clamped[0] = (clamped[0] ?? 0) & 248;
  clamped[31] = ((clamped[31] ?? 0) & 127) | 64;
  const k = BigInt(`0x${bytesToHex(clamped.toReversed())}`) % order;
  const inverse = power(k, order - 2n, order);
  // noble multiplies by clamped scalars only, and 8 divides each of those: one that is the inverse modulo the order and is clamped.
  for (let n = 0n; ; n++) {
    const scalar = inverse + n * order;
    if (scalar >= 2n ** 255n) throw new Error('one of eight multiples is a clamped scalar');
    if (scalar % 8n !== 0n || scalar < 2n ** 254n) continue;
    return [vector('what is shared is 9', own, Uint8Array.from(x25519.scalarMultBase(littleEndian(scalar))))];
  }
};

const isOnCurve = (u: bigint): boolean => power(u ** 3n + 486_662n * u ** 2n + u, (p - 1n) / 2n, p) <= 1n;

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let [result, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % modulus)
    if (rest & 1n) result = (result * square) % modulus;
  return result;
};
