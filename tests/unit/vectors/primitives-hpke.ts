/** HPKE, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: boxes that were not made so, and RFC 9180 in small to make them. */
import { createHmac } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { bytesToHex, concatBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { hex } from '../crypto/known-device.ts';
import { gcmBox } from './primitives-gcm.ts';
import { lowOrder } from './primitives-x25519.ts';
import { littleEndian, p } from './curve-numbers.ts';
import type { HpkeVector } from './primitives.ts';

const random = seededRandom(0x9180);
const own = random.bytes(32);
const ownPublic = Uint8Array.from(x25519.getPublicKey(own));
const ephemeral = random.bytes(32);
const info = utf8ToBytes('shoulder/1 welcome');
const aad = utf8ToBytes('an ask');
const plaintext = random.bytes(48);

interface Given {
  /** What is sent as the ephemeral public key; the ephemeral key's own otherwise. */
  readonly enc?: Bytes;
  /** What is agreed on; by the ephemeral key otherwise. */
  readonly shared?: Bytes;
  readonly to?: Bytes;
  readonly info?: Bytes;
  readonly aad?: Bytes;
  readonly plaintext?: Bytes;
  /** 0 is base; 1 is with a key that both know beforehand. */
  readonly mode?: number;
  readonly sequence?: number;
  readonly aead?: number;
}

/** RFC 9180 §4.1, §5.1, §5.2: enc ‖ ciphertext ‖ tag. */
export const hpkeBox = (given: Given = {}): Bytes => {
  const { to = ownPublic, mode = 0, sequence = 0, aead = 2 } = given;
  const { enc = Uint8Array.from(x25519.getPublicKey(ephemeral)), shared = agreed(to) } = given;
  const kem = concatBytes(utf8ToBytes('KEM'), hex('0020'));
  const kemKey = labelledExtract(kem, none, 'eae_prk', shared);
  const secret = labelledExpand(kem, kemKey, 'shared_secret', concatBytes(enc, to), 32);
  const suite = concatBytes(utf8ToBytes('HPKE'), hex('00200001'), Uint8Array.of(0, aead));
  const psk = mode === 0 ? none : new Uint8Array(32).fill(1);
  const context = concatBytes(
    Uint8Array.of(mode),
    labelledExtract(suite, none, 'psk_id_hash', mode === 0 ? none : utf8ToBytes('a name')),
    labelledExtract(suite, none, 'info_hash', given.info ?? info)
  );
  const root = labelledExtract(suite, secret, 'secret', psk);
  const key = labelledExpand(suite, root, 'key', context, aead === 1 ? 16 : 32);
  const nonce = labelledExpand(suite, root, 'base_nonce', context, 12);
  nonce[11] = (nonce[11] ?? 0) ^ sequence;
  return concatBytes(enc, gcmBox(key, nonce, given.plaintext ?? plaintext, given.aad ?? aad).slice(12));
};

const none = new Uint8Array(0);
const agreed = (to: Bytes): Bytes => Uint8Array.from(x25519.scalarMult(ephemeral, to));
const hmac = (key: Bytes, data: Bytes): Bytes => Uint8Array.from(createHmac('sha256', key).update(data).digest());
const version = utf8ToBytes('HPKE-v1');

const labelledExtract = (suite: Bytes, salt: Bytes, label: string, input: Bytes): Bytes =>
  hmac(salt.length === 0 ? new Uint8Array(32) : salt, concatBytes(version, suite, utf8ToBytes(label), input));

/** At most 32 bytes: one block of HKDF-Expand. */
const labelledExpand = (suite: Bytes, key: Bytes, label: string, context: Bytes, length: number): Bytes => {
  const labelled = concatBytes(Uint8Array.of(0, length), version, suite, utf8ToBytes(label), context);
  return hmac(key, concatBytes(labelled, Uint8Array.of(1))).slice(0, length);
};

const vector = (what: string, box: Bytes, opens: Bytes | null): HpkeVector => ({
  what,
  own: bytesToHex(own),
  info: bytesToHex(info),
  aad: bytesToHex(aad),
  box: bytesToHex(box),
  plaintext: opens === null ? null : bytesToHex(opens)
});

/** The CFRG's test-vectors.json, to which RFC 9180 points: mode 0, KEM 0x0020, KDF 0x0001, AEAD 0x0002, sequence number 0. */
const published: HpkeVector = {
  what: 'RFC 9180: the vector of this suite',
  own: '497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d',
  info: '4f6465206f6e2061204772656369616e2055726e',
  aad: '436f756e742d30',
  box: '6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a',
  plaintext: '4265617574792069732074727574682c20747275746820626561757479'
};

export const hpkeVectors = (): HpkeVector[] => [
  published,
  ...goodOnes(),
  ...wrongPoints(),
  ...wrongContexts(),
  ...wrongBoxes()
];

const goodOnes = (): HpkeVector[] =>
  [0, 1, 15, 16, 17, 32, 256].map((n) => {
    const plain = random.bytes(n);
    return vector(`${n} bytes`, hpkeBox({ plaintext: plain }), plain);
  });

/** RFC 9180 §7.1.4: a shared secret of zeros is refused, or whoever knows that could seal what nobody sealed. */
const wrongPoints = (): HpkeVector[] => [
  ...lowOrder.map(([what, u]) =>
    vector(`enc is ${what}, and nothing is shared`, hpkeBox({ enc: u, shared: new Uint8Array(32) }), null)
  ),
  vector(
    'enc on the twist',
    hpkeBox({ enc: littleEndian(2n), shared: Uint8Array.from(x25519.scalarMult(own, littleEndian(2n))) }),
    plaintext
  ),
  vector(
    'enc is p + 9, and not what it is reduced to',
    hpkeBox({ enc: littleEndian(p + 9n), shared: Uint8Array.from(x25519.scalarMult(own, littleEndian(9n))) }),
    plaintext
  ),
  vector('enc of another', concatBytes(random.bytes(32), hpkeBox().slice(32)), null),
  vector(
    'enc with its unused bit set afterwards',
    hpkeBox().map((byte, i) => (i === 31 ? byte ^ 0x80 : byte)),
    null
  )
];

const wrongContexts = (): HpkeVector[] => [
  vector('for another device', hpkeBox({ to: Uint8Array.from(x25519.getPublicKey(random.bytes(32))) }), null),
  vector('with other info', hpkeBox({ info: utf8ToBytes('shoulder/1 private') }), null),
  vector('without info', hpkeBox({ info: none }), null),
  vector('bound to something else', hpkeBox({ aad: utf8ToBytes('another ask') }), null),
  vector('bound to nothing', hpkeBox({ aad: none }), null),
  vector('with a key known beforehand (mode 1)', hpkeBox({ mode: 1 }), null),
  vector('the second message of a sequence', hpkeBox({ sequence: 1 }), null),
  vector('with AES-128', hpkeBox({ aead: 1 }), null),
  vector('with AES-256, but labelled as ChaCha20-Poly1305', hpkeBox({ aead: 3 }), null)
];

const wrongBoxes = (): HpkeVector[] => {
  const box = hpkeBox();
  const flip = (at: number): Bytes => box.map((byte, i) => (i === at ? byte ^ 1 : byte));
  return [
    ...[0, 1, 31, 32, 33, 47, 48, box.length - 1].map((n) => vector(`cut to ${n} bytes`, box.slice(0, n), null)),
    vector('a zero after it', concatBytes(box, Uint8Array.of(0)), null),
    vector('the first byte of enc changed', flip(0), null),
    vector('the first byte of the ciphertext changed', flip(32), null),
    vector('the first byte of the tag changed', flip(box.length - 16), null),
    vector('the last byte of the tag changed', flip(box.length - 1), null),
    vector(
      'the tag is zeros',
      box.map((byte, i) => (i < box.length - 16 ? byte : 0)),
      null
    )
  ];
};
