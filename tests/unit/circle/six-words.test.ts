/** The six words of two people, which they compare in person. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bytesToId, idToBytes, type CircleId, type DeviceId, type PersonId } from '../../../src/lib/base/ids.ts';
import { safetyWords, sixWordsOf, type PersonDevices } from '../../../src/lib/circle/six-words.ts';

const id = <Id extends string>(byte: number): Id => bytesToId<Id>(new Uint8Array(16).fill(byte));
const circle = id<CircleId>(1);
const someone = (person: number, ...devices: readonly number[]): PersonDevices => ({
  id: id<PersonId>(person),
  devices: devices.map((device) => id<DeviceId>(device))
});
const ana = someone(10, 10, 11);
const bo = someone(0xf0, 0xf0);
const words = await safetyWords(circle, ana, bo);

describe('[SW1] six words of two people', () => {
  test('are those of a hash over the circle, and of each how many devices they have and which', async () => {
    const hash = createHash('sha256')
      .update('shoulder/1 safety')
      .update(idToBytes(circle))
      .update(Uint8Array.of(2))
      .update(idToBytes(id(10)))
      .update(idToBytes(id(11)))
      .update(Uint8Array.of(1))
      .update(idToBytes(id(0xf0)))
      .digest();
    expect(words).toEqual(await sixWordsOf(new Uint8Array(hash)));
    expect(words).toHaveLength(6);
  });

  test('are these for ever', () => {
    expect(words).toEqual(['ship', 'budget', 'assist', 'shrimp', 'drastic', 'remind']);
  });

  test('are the same on both phones, in whatever order devices came', async () => {
    expect(await safetyWords(circle, bo, ana)).toEqual(words);
    expect(await safetyWords(circle, someone(10, 11, 10), bo)).toEqual(words);
  });

  test.each<[string, CircleId, PersonDevices, PersonDevices]>([
    ['in another circle', id(2), ana, bo],
    ['with a device more', circle, someone(10, 10, 11, 12), bo],
    ['with a device less', circle, someone(10, 10), bo],
    ['with another device', circle, someone(10, 10, 12), bo],
    ['with a device of one that is taken for the other’s', circle, someone(10, 10), someone(0xf0, 11, 0xf0)]
  ])('are others %s', async (_, where, one, other) => {
    expect(await safetyWords(where, one, other)).not.toEqual(words);
  });

  test('go by bytes, not by letters: an id that sorts last as text may come first', async () => {
    // As text the second is lower than the first.
    const [low, high] = [someone(0x68, 0x68), someone(0xd4, 0xd4)];
    expect(low.id < high.id).toBe(false);
    const hash = createHash('sha256')
      .update('shoulder/1 safety')
      .update(idToBytes(circle))
      .update(Uint8Array.of(1))
      .update(idToBytes(id(0x68)))
      .update(Uint8Array.of(1))
      .update(idToBytes(id(0xd4)))
      .digest();
    expect(await safetyWords(circle, high, low)).toEqual(await sixWordsOf(new Uint8Array(hash)));
  });
});
