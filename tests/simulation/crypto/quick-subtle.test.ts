/**
 * The quick cryptography of the simulation is WebCrypto's: the same bytes, the same verdicts, the same refusals, and the same run.
 */
import 'fake-indexeddb/auto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { openSealed, sealTo } from '../../../src/lib/crypto/hpke.ts';
import { playWorld } from '../playing.ts';
import { SeededRandom } from '../seeded-random.ts';
import { Stage } from '../stage.ts';
import { TrustWorld, shortSeedsFrom } from '../trust/trust-world.ts';
import { useQuickSubtle } from './quick-subtle.ts';
import { seededPair, type PairAlgorithm } from './seeded-keys.ts';

type Method = (...args: unknown[]) => Promise<unknown>;

/** What is answered, but for making keys: they are what the rest is asked with. */
const asked = ['decrypt', 'deriveBits', 'digest', 'encrypt', 'sign', 'verify'] as const;

const random = new SeededRandom('equivalence');
const { subtle } = crypto;

/** What a call came to: bytes as hex, a verdict, or the name and words of what was thrown. */
const outcomeOf = async (call: () => Promise<unknown>): Promise<unknown> => {
  try {
    const result = await call();
    return result instanceof ArrayBuffer ? Buffer.from(result).toString('hex') : result;
  } catch (error) {
    return error instanceof DOMException ? `${error.name}: ${error.message}` : String(error);
  }
};

/** The same call, by the real methods and twice by the quick ones: the second time from memory. */
const compare = async (call: () => Promise<unknown>): Promise<unknown> => {
  const real = await outcomeOf(call);
  const restore = useQuickSubtle(random.fork('keys'));
  try {
    expect(await outcomeOf(call)).toEqual(real);
    expect(await outcomeOf(call)).toEqual(real);
  } finally {
    restore();
  }
  return real;
};

/** With a key that the real methods made, and with the same made by the quick ones, which must be as good. */
const compareWithKey = async (
  make: () => Promise<CryptoKey>,
  call: (key: CryptoKey) => Promise<unknown>
): Promise<unknown> => {
  const key = await make();
  const real = await compare(() => call(key));
  expect(await compare(async () => call(await make()))).toEqual(real);
  expect(await compare(async () => call(structuredClone(await make())))).toEqual(real);
  return real;
};

const flipped = (bytes: Uint8Array, at: number): Bytes =>
  Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte));
const lengths = [0, 1, 15, 16, 17, 255, 256, 4096, 16_384];

const aesKey = (raw: Bytes) => () => subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
const hmacKey = (raw: Bytes) => () => subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
const rootKey = (raw: Bytes) => () => subtle.importKey('raw', raw, 'HKDF', false, ['deriveBits']);
const pair = (algorithm: PairAlgorithm): Promise<CryptoKeyPair> =>
  seededPair(random, algorithm, true, algorithm === 'Ed25519' ? ['sign', 'verify'] : ['deriveBits']);

describe('bytes and verdicts', () => {
  test('SHA-256', async () => {
    for (const length of lengths) {
      const bytes = random.bytes(length);
      await compare(() => subtle.digest('SHA-256', bytes));
      await compare(() => subtle.digest({ name: 'SHA-256' }, bytes.buffer));
    }
  });

  test('AES-GCM, sealing and opening', async () => {
    for (const length of lengths) {
      const [raw, iv, aad, plain] = [
        random.bytes(32),
        random.bytes(12),
        random.bytes(length % 40),
        random.bytes(length)
      ];
      const how = { name: 'AES-GCM', iv, additionalData: aad };
      const sealed = await compareWithKey(aesKey(raw), (key) => subtle.encrypt(how, key, plain));
      const box = Buffer.from(sealed as string, 'hex');
      const opened = await compareWithKey(aesKey(raw), (key) => subtle.decrypt(how, key, box));
      expect(opened).toBe(Buffer.from(plain).toString('hex'));
      for (const wrong of [flipped(box, 0), flipped(box, box.length - 5), box.subarray(1), box.subarray(0, 15)])
        expect(await compareWithKey(aesKey(raw), (key) => subtle.decrypt(how, key, wrong))).toContain('OperationError');
      await compareWithKey(aesKey(random.bytes(32)), (key) => subtle.decrypt(how, key, box));
      await compareWithKey(aesKey(raw), (key) => subtle.decrypt({ name: 'AES-GCM', iv }, key, box));
      await compareWithKey(aesKey(raw), (key) => subtle.decrypt({ ...how, iv: flipped(iv, 3) }, key, box));
    }
  });

  test('HMAC and HKDF', async () => {
    for (const length of lengths) {
      await compareWithKey(hmacKey(random.bytes(32)), (key) =>
        subtle.sign('HMAC', key, random.fork('text').bytes(length))
      );
      const info = random.bytes(length % 1000);
      for (const salt of [new Uint8Array(0), random.bytes(32)]) {
        const how = { name: 'HKDF', hash: 'SHA-256', salt, info };
        for (const bits of [128, 256, 384])
          await compareWithKey(rootKey(random.bytes(32)), (key) => subtle.deriveBits(how, key, bits));
      }
    }
  });

  test('Ed25519, also where the key, the signature or the words are wrong', async () => {
    for (const length of lengths) {
      const [{ privateKey, publicKey }, other] = [await pair('Ed25519'), await pair('Ed25519')];
      const message = random.bytes(length);
      const signed = await compare(() => subtle.sign('Ed25519', privateKey, message));
      const signature = Buffer.from(signed as string, 'hex');
      const verdictOf = (key: CryptoKey, words: Bytes, by: Uint8Array): Promise<unknown> =>
        compare(() => subtle.verify('Ed25519', key, by as Bytes, words));
      expect(await verdictOf(publicKey, message, signature)).toBe(true);
      expect(await verdictOf(other.publicKey, message, signature)).toBe(false);
      expect(await verdictOf(publicKey, random.bytes(length + 1), signature)).toBe(false);
      for (const at of [0, 31, 32, 63]) expect(await verdictOf(publicKey, message, flipped(signature, at))).toBe(false);
      for (const short of [0, 32, 63])
        expect(await verdictOf(publicKey, message, signature.subarray(0, short))).toBe(false);
      await verdictOf(publicKey, message, new Uint8Array(64));
    }
  });

  test('X25519, and points of small order', async () => {
    for (let i = 0; i < 20; i++) {
      const [own, theirs] = [await pair('X25519'), await pair('X25519')];
      const how = { name: 'X25519', public: theirs.publicKey };
      await compare(() => subtle.deriveBits(how, own.privateKey, 256));
    }
    const { privateKey } = await pair('X25519');
    for (const point of smallOrderPoints) {
      const raw = Buffer.from(point, 'hex');
      const refused = await compare(async () => {
        const key = await subtle.importKey('raw', raw, 'X25519', true, []);
        return subtle.deriveBits({ name: 'X25519', public: key }, privateKey, 256);
      });
      expect(refused).toContain('OperationError');
    }
  });

  test('what a device is handed by HPKE opens on either side', async () => {
    const keys = await pair('X25519');
    const raw = new Uint8Array(await subtle.exportKey('raw', keys.publicKey));
    const [plain, info, aad] = [random.bytes(32), random.bytes(20), random.bytes(32)];
    const sealQuickly = async (): Promise<Bytes | undefined> => {
      const restore = useQuickSubtle(random.fork('hpke'));
      const sealed = await sealTo(raw, plain, info, aad);
      restore();
      return sealed;
    };
    for (const sealed of [await sealTo(raw, plain, info, aad), await sealQuickly()]) {
      if (sealed === undefined) throw new Error('a good key is sealed to');
      const open = async (box: Bytes): Promise<unknown> => (await openSealed(keys, box, info, aad))?.buffer;
      expect(await compare(() => open(sealed))).toBe(Buffer.from(plain).toString('hex'));
      expect(await compare(() => open(flipped(sealed, 40)))).toBe(undefined);
      expect(await compare(() => open(flipped(sealed, 3)))).toBe(undefined);
    }
  });
});

describe('refusals', () => {
  test('keys that are none, and keys used for what they are not for', async () => {
    const [sign, agree] = [await pair('Ed25519'), await pair('X25519')];
    const aes = await subtle.importKey('raw', random.bytes(32), 'AES-GCM', false, ['encrypt']);
    const iv = random.bytes(12);
    const calls: (() => Promise<unknown>)[] = [
      () => subtle.importKey('raw', random.bytes(31), 'Ed25519', true, ['verify']),
      () => subtle.importKey('raw', random.bytes(31), 'AES-GCM', true, ['encrypt']),
      () => subtle.importKey('pkcs8', random.bytes(48), 'X25519', true, ['deriveBits']),
      () => subtle.importKey('raw', random.bytes(32), 'AES-GCM', true, ['verify']),
      () => subtle.decrypt({ name: 'AES-GCM', iv }, aes, random.bytes(40)),
      () => subtle.encrypt({ name: 'AES-GCM', iv }, sign.privateKey, random.bytes(40)),
      () => subtle.sign('Ed25519', sign.publicKey, random.bytes(8)),
      () => subtle.sign('HMAC', sign.privateKey, random.bytes(8)),
      () => subtle.verify('Ed25519', sign.privateKey, random.bytes(64), random.bytes(8)),
      () => subtle.verify('Ed25519', agree.publicKey, random.bytes(64), random.bytes(8)),
      () => subtle.deriveBits({ name: 'X25519', public: sign.publicKey }, agree.privateKey, 256),
      () => subtle.deriveBits({ name: 'X25519', public: agree.publicKey }, agree.publicKey, 256),
      () => subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: iv, info: iv }, agree.privateKey, 256)
    ];
    for (const call of calls) expect(await compare(call)).toMatch(/Error/);
  });
});

describe('runs', () => {
  let stage: Stage;

  beforeAll(() => {
    stage = new Stage();
    vi.spyOn(console, 'debug').mockReturnValue();
  });

  afterAll(() => {
    stage.strike();
    vi.restoreAllMocks();
  });

  test('every single thing that is asked in a run is answered as WebCrypto does', async () => {
    const seed = shortSeedsFrom + 5;
    const real = new Map(asked.map((name) => [name, Reflect.get(SubtleCrypto.prototype, name) as Method]));
    const comparing: Promise<void>[] = [];
    const differing: string[] = [];
    const compareAlso = (): (() => void) => {
      const quick = new Map(asked.map((name) => [name, Reflect.get(SubtleCrypto.prototype, name) as Method]));
      for (const name of asked)
        Reflect.set(SubtleCrypto.prototype, name, function both(this: unknown, ...args: unknown[]) {
          const answer = quick.get(name)?.apply(this, args) as Promise<unknown>;
          const compareBoth = async (): Promise<void> => {
            const [is, should] = [
              await outcomeOf(() => answer),
              await outcomeOf(async () => real.get(name)?.apply(this, args))
            ];
            if (is !== should) differing.push(`${name}: ${is} instead of ${should}`);
          };
          comparing.push(compareBoth());
          return answer;
        });
      return () => quick.forEach((method, name) => Reflect.set(SubtleCrypto.prototype, name, method));
    };
    const { broken } = await stage.play(`seed ${seed}`, false, async () => {
      const restore = compareAlso();
      try {
        return await playWorld(new TrustWorld(seed, { asFound: false }), stage);
      } finally {
        restore();
      }
    });
    await Promise.all(comparing);
    expect(broken).toEqual([]);
    expect(comparing.length).toBeGreaterThan(1000);
    expect(differing).toEqual([]);
  });

  // Of a crash, turns of the event loop decide when it comes, and threads take turns of their own: runs without one are compared.
  test.each(calmSeeds)('seed %i is the same story, and ends with the same on every disk', async (seed) => {
    const play = async (isReal: boolean): Promise<unknown> => {
      const world = new TrustWorld(seed, { asFound: false });
      let held: readonly string[] = [];
      const report = await stage.play(`seed ${seed}`, isReal, () =>
        playWorld(world, stage, async () => {
          held = await world.held();
        })
      );
      expect(report.broken).toEqual([]);
      expect(held.length).toBeGreaterThan(10);
      expect(report.story.filter((line) => line.includes('crash'))).toEqual([]);
      return { story: report.story.filter((line) => !line.endsWith('bytes')), held };
    };
    expect(await play(false)).toEqual(await play(true));
  });
});

/**
 * Nobody crashes in these, and no epoch begins: its id hashes what its author drew, and that depends on what else was drawn for at that moment.
 */
const calmSeeds = [2, 8].map((number) => shortSeedsFrom + number);

/** RFC 7748 §6.1 asks to refuse what they make: zeros. Source: https://cr.yp.to/ecdh.html#validate. */
const smallOrderPoints = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`
];
