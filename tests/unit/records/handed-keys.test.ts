/** Content keys on their way between one's own devices: their shape, and that as many as may stand together fit an envelope. */
import { describe, expect, test } from 'vitest';
import { bytesToId, type MapKey } from '../../../src/lib/base/ids.ts';
import { envelopeBytesMax } from '../../../src/lib/base/limits.ts';
import { decodeCbor, encodeCbor, textMapToObject } from '../../../src/lib/records/codec.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import {
  handedKeysMax,
  handedKeysToBody,
  readHandedKeys,
  type HandedKeys
} from '../../../src/lib/records/handed-keys.ts';
import { fitsSchema } from '../../../src/lib/records/schema.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { FoundedCircle, friend } from '../circle/friends.ts';

const random = seededRandom(28);
const circle = await FoundedCircle.by();
const handed = (count: number): HandedKeys => ({
  circle: circle.id,
  keys: Array.from({ length: count }, () => ({
    key: bytesToId<MapKey>(random.bytes(16)),
    contentKey: random.bytes(32)
  }))
});
const decoded = (body: Record<string, unknown>): unknown => textMapToObject(decodeCbor(encodeCbor(body)));

describe('[OD7] content keys', () => {
  test('come out as they went in', () => {
    for (const count of [1, 2, handedKeysMax]) {
      const keys = handed(count);
      expect(readHandedKeys(decoded(handedKeysToBody(keys)))).toEqual(keys);
      expect(fitsSchema(kinds.contentKeys, decoded(handedKeysToBody(keys)))).toBe(true);
    }
  });

  test('fit one envelope, as many as may stand together', async () => {
    const body = handedKeysToBody(handed(handedKeysMax));
    const slot = 'keys/'.padEnd(64, 'x');
    const time = { ms: Number.MAX_SAFE_INTEGER, count: Number.MAX_SAFE_INTEGER };
    const said = { kind: kinds.contentKeys, slot, body, time, expMs: Number.MAX_SAFE_INTEGER };
    const { envelope } = await circle.say(await friend(0), said);
    expect(envelope.length).toBeLessThanOrEqual(envelopeBytesMax);
  });

  test('of another shape, none of them, or more than fit, are refused', () => {
    const good = handedKeysToBody(handed(2)) as { circle: Uint8Array; keys: [Uint8Array, Uint8Array][] };
    const [[key, contentKey]] = good.keys as [[Uint8Array, Uint8Array]];
    const bad: unknown[] = [
      undefined,
      {},
      { circle: good.circle },
      { ...good, circle: random.bytes(15) },
      { ...good, keys: [] },
      { ...good, keys: [[key]] },
      { ...good, keys: [[random.bytes(15), contentKey]] },
      { ...good, keys: [[key, random.bytes(31)]] },
      { ...good, keys: [[key, 'words']] },
      { ...good, keys: { 0: [key, contentKey] } },
      handedKeysToBody(handed(handedKeysMax + 1))
    ];
    for (const body of bad) {
      expect(readHandedKeys(body)).toBeUndefined();
      expect(fitsSchema(kinds.contentKeys, body)).toBe(false);
    }
  });

  test('with more in them than this version knows are read', () => {
    const keys = handed(1);
    const [[key, contentKey]] = handedKeysToBody(keys).keys as [[Uint8Array, Uint8Array]];
    expect(readHandedKeys({ ...handedKeysToBody(keys), keys: [[key, contentKey, 7]], more: 'later' })).toEqual(keys);
  });
});
