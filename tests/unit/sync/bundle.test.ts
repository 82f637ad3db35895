/** Records sealed for carrying by hand: what comes back, what is refused, and what an outsider sees. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesToHex, concatBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, type CircleId, type EpochId } from '../../../src/lib/base/ids.ts';
import { err } from '../../../src/lib/base/result.ts';
import * as aead from '../../../src/lib/crypto/aead.ts';
import { deriveBundleKey, type BundleKey } from '../../../src/lib/records/bundle-key.ts';
import { idToBytes } from '../../../src/lib/base/ids.ts';
import {
  bundleContentBytesMax,
  bundleToText,
  contentBytes,
  openBundle,
  sealBundle
} from '../../../src/lib/sync/bundle.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { hex } from '../crypto/known-device.ts';
import { foundingKeys } from '../records/founding-keys.ts';

const circle = bytesToId<CircleId>(new Uint8Array(16).fill(0x77));
const epochNumbered = async (n: number): Promise<BundleKey> =>
  deriveBundleKey(
    await foundingKeys(circle, bytesToId<EpochId>(new Uint8Array(16).fill(n)), new Uint8Array(32).fill(n))
  );
const random = seededRandom(11);
const notOpened = err({ type: 'NotOpened' });
const malformed = err({ type: 'MalformedBundle' });

let key: BundleKey;
let other: BundleKey;

beforeAll(async () => {
  [key, other] = await Promise.all([epochNumbered(1), epochNumbered(2)]);
});

/** A content of our own making, sealed as a bundle is. */
const sealContent = async (content: Bytes, version = 1): Promise<Bytes> => {
  const length = content.length + aead.nonceBytes + aead.tagBytes;
  const header = Uint8Array.of(version, length >> 8, length & 255);
  const aad = concatBytes(header, idToBytes(key.epoch.circle), idToBytes(key.epoch.epoch));
  return concatBytes(header, await aead.seal(key.key, content, aad, random));
};
const padded = (...bytes: number[]): Bytes => {
  const content = new Uint8Array(64);
  content.set(bytes);
  return content;
};
const recordsArbitrary = fc.array(fc.uint8Array({ minLength: 1, maxLength: 700 }), { maxLength: 12 });

describe('what was sealed comes back', () => {
  test('[BU1] [BU2] any records, byte for byte, in order', async () => {
    await fc.assert(
      fc.asyncProperty(recordsArbitrary, async (records) => {
        const bundle = await sealBundle(key, records, random);
        expect(await openBundle(bundle, [other, key])).toEqual({ ok: true, value: { epoch: key.epoch, records } });
      }),
      { numRuns: 100 }
    );
  });

  test('[BU2] as many as a bundle holds', async () => {
    const records = [
      new Uint8Array(16 * 1024).fill(1),
      new Uint8Array(16 * 1024).fill(2),
      new Uint8Array(16_000).fill(3)
    ];
    expect(contentBytes(records.map(({ length }) => length))).toBeLessThanOrEqual(bundleContentBytesMax);
    const opened = await openBundle(await sealBundle(key, records, random), [key]);
    expect(opened).toEqual({ ok: true, value: { epoch: key.epoch, records } });
    await expect(sealBundle(key, [...records, ...records], random)).rejects.toThrow('what is sealed fits a bundle');
  });

  test('[BU1] what was sealed for version 1 is read for ever', async () => {
    const vector = JSON.parse(readFileSync(new URL('../vectors/bundle-v1.json', import.meta.url), 'utf8')) as {
      readonly records: readonly string[];
      readonly bundle: string;
      readonly text: string;
    };
    const fixedNonce = { bytes: (length: number): Bytes => Uint8Array.from({ length }, (_, i) => i) };
    const records = vector.records.map(hex);
    expect(bytesToHex(await sealBundle(key, records, fixedNonce))).toBe(vector.bundle);
    expect(bundleToText(hex(vector.bundle))).toBe(vector.text);
    expect(await openBundle(hex(vector.bundle), [key])).toEqual({ ok: true, value: { epoch: key.epoch, records } });
  });
});

describe('what an outsider sees', () => {
  test('[BU1] two bundles of the same records share nothing but their header', async () => {
    const records = [new Uint8Array(300).fill(9)];
    const [first, second] = [await sealBundle(key, records, random), await sealBundle(key, records, random)];
    expect(first.slice(0, 3)).toEqual(second.slice(0, 3));
    const alike = first.slice(3).filter((byte, i) => byte === second[i + 3]).length;
    expect(alike).toBeLessThan(20);
    expect(await openBundle(first, [])).toEqual(notOpened);
  });

  test('[BU2] lengths in steps of 64', async () => {
    const lengths = await Promise.all(
      [1, 62, 63, 126].map(async (length) => (await sealBundle(key, [new Uint8Array(length).fill(1)], random)).length)
    );
    expect(lengths).toEqual([95, 95, 159, 159]);
  });
});

describe('what is refused', () => {
  test('[BU5] a circle or an epoch that is not held', async () => {
    expect(await openBundle(await sealBundle(key, [Uint8Array.of(1)], random), [other])).toEqual(notOpened);
    const elsewhere = { ...key, epoch: { ...key.epoch, circle: bytesToId<CircleId>(new Uint8Array(16)) } };
    expect(await openBundle(await sealBundle(key, [Uint8Array.of(1)], random), [elsewhere])).toEqual(notOpened);
  });

  test('[BU5] any byte changed, and it does not open', async () => {
    const bundle = await sealBundle(key, [Uint8Array.of(1, 2, 3)], random);
    for (let at = 0; at < bundle.length; at++) {
      const changed = bundle.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect((await openBundle(changed, [key])).ok).toBe(false);
    }
  });

  test('[BU5] cut anywhere, it is cut; with more behind it, malformed', async () => {
    const bundle = await sealBundle(key, [Uint8Array.of(1, 2, 3)], random);
    for (let length = 0; length < bundle.length; length++)
      expect(await openBundle(bundle.slice(0, length), [key])).toEqual(err({ type: 'CutBundle' }));
    expect(await openBundle(concatBytes(bundle, Uint8Array.of(0)), [key])).toEqual(malformed);
  });

  test.each([0, 16, 255])('[BU5] version %i is damage', async (version) => {
    expect(await openBundle(await sealContent(padded(0, 1, 5), version), [key])).toEqual(malformed);
  });

  test.each([2, 15])('[BU5] version %i is somebody’s newer app', async (version) => {
    const refused = err({ type: 'NewerBundle', version });
    expect(await openBundle(await sealContent(padded(0, 1, 5), version), [key])).toEqual(refused);
  });

  test.each([
    ['a length past the end', padded(1, 0, 5)],
    ['a length whose second byte is missing', new Uint8Array(1).fill(1)],
    ['bytes after the end', padded(0, 1, 5, 0, 0, 7)],
    ['more padding than needed', new Uint8Array(128)],
    ['less', Uint8Array.of(0, 1, 5)]
  ])('[BU2] a content with %s, though a friend sealed it', async (_, content) => {
    expect(await openBundle(await sealContent(content), [key])).toEqual(malformed);
  });

  test('[BU5] hostile bytes are one of the refusals, and nothing throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect((await openBundle(bytes, [key, other])).ok).toBe(false);
      }),
      { numRuns: 300 }
    );
  });

  test('[BU2] hostile contents that open are records or nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (content) => {
        const opened = await openBundle(await sealContent(content), [key]);
        if (!opened.ok) expect(opened).toEqual(malformed);
        else expect(await openBundle(await sealBundle(key, opened.value.records, random), [key])).toEqual(opened);
      }),
      { numRuns: 300 }
    );
  });
});
