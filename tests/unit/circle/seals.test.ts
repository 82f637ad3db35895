/** Handing an epoch's secret on: to the devices that are in it, and to nobody else. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idToBytes, type CircleId, type EpochId } from '../../../src/lib/base/ids.ts';
import { openEpoch, readSealsBody, sealEpoch, sealsSlot, type Seals } from '../../../src/lib/circle/seals.ts';
import { commitmentOf } from '../../../src/lib/records/epoch-keys.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { friend, type Friend } from './friends.ts';

const circle = bytesToId<CircleId>(new Uint8Array(16).fill(1));
const epoch = bytesToId<EpochId>(new Uint8Array(16).fill(2));
const secret = new Uint8Array(32).fill(3);
let commit: Bytes;
let friends: Friend[];
let seals: Seals;
beforeAll(async () => {
  commit = await commitmentOf(secret);
  friends = await Promise.all([0, 1, 2, 3, 4].map(friend));
  seals = await sealed(friends);
});
const sealed = async (to: readonly Friend[], what = secret): Promise<Seals> => {
  const keys = to.map(({ secrets }) => secrets.publicKeys.agree);
  const read = readSealsBody(await sealEpoch(circle, { epoch, secret: what }, keys, seededRandom(7)));
  if (read === undefined) throw new Error('seals are read');
  return read;
};
const open = (who: Friend, from = seals) => openEpoch(circle, from, who.device.agreeKeys, commit);

describe('[EP10] an epoch’s secret', () => {
  test('opens for every device it was sealed to, and for no other', async () => {
    for (const each of friends) expect(await open(each)).toEqual(secret);
    expect(await open(await friend(5))).toBeUndefined();
  });

  test('is in seals of one length, a multiple of four, in another order each time', async () => {
    expect(seals.seals).toHaveLength(8);
    expect(new Set(seals.seals.map(({ length }) => length))).toEqual(new Set([80]));
    expect((await sealed(friends.slice(0, 4))).seals).toHaveLength(4);
    expect((await sealed([])).seals).toHaveLength(4);
    const places = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const keys = friends.map(({ secrets }) => secrets.publicKeys.agree);
        const read = readSealsBody(await sealEpoch(circle, { epoch, secret }, keys, seededRandom(n)));
        const opened = await Promise.all(
          (read?.seals ?? []).map((seal) =>
            openEpoch(circle, { epoch, seals: [seal] }, (friends[0] as Friend).device.agreeKeys, commit)
          )
        );
        return opened.findIndex((each) => each !== undefined);
      })
    );
    expect(new Set(places).size).toBeGreaterThan(1);
  });

  test('is none that the manifest did not commit to', async () => {
    const other = await sealed(friends, new Uint8Array(32).fill(9));
    expect(await open(friends[0] as Friend, other)).toBeUndefined();
    const short = await sealed(friends, new Uint8Array(32).fill(3));
    expect(await openEpoch(circle, short, (friends[0] as Friend).device.agreeKeys, new Uint8Array(16))).toBeUndefined();
  });

  test('does not open for another circle or epoch', async () => {
    const { agreeKeys } = (friends[0] as Friend).device;
    expect(await openEpoch(bytesToId(new Uint8Array(16)), seals, agreeKeys, commit)).toBeUndefined();
    expect(
      await openEpoch(circle, { ...seals, epoch: bytesToId(new Uint8Array(16)) }, agreeKeys, commit)
    ).toBeUndefined();
  });

  test('is not sealed to a key that is no usable point, and the others get it all the same', async () => {
    const [first] = friends as [Friend];
    const keys = [first.secrets.publicKeys.agree, new Uint8Array(32)];
    const read = readSealsBody(await sealEpoch(circle, { epoch, secret }, keys, seededRandom(7)));
    expect(await open(first, read)).toEqual(secret);
  });

  test('[EP10] is sealed to as many as are read, the first ones', async () => {
    const keys = Array.from({ length: 130 }, () => (friends[0] as Friend).secrets.publicKeys.agree);
    const read = readSealsBody(await sealEpoch(circle, { epoch, secret }, keys, seededRandom(7)));
    expect(read?.seals).toHaveLength(128);
  });

  test('stands in a slot of its epoch', () => {
    expect(sealsSlot(epoch)).toBe(`epoch/${epoch}`);
  });

  test.each([
    ['of no epoch', { seals: [new Uint8Array(80)] }],
    ['of a short epoch', { epoch: new Uint8Array(15), seals: [new Uint8Array(80)] }],
    ['with none', { epoch: idToBytes(epoch), seals: [] }],
    ['with a short one', { epoch: idToBytes(epoch), seals: [new Uint8Array(79)] }],
    ['with too many', { epoch: idToBytes(epoch), seals: Array.from({ length: 129 }, () => new Uint8Array(80)) }],
    ['that are text', 'seals']
  ])('[EP10] seals %s are not read', (_, body) => {
    expect(readSealsBody(body)).toBeUndefined();
  });
});
