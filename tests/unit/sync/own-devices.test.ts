/** Ana's devices take each other along, also where one of them was at the table before, as somebody else. */
// Dexie's live queries run only where the platform has IndexedDB.
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeviceId, PersonId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import type { ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import { membershipSlot, membershipToBody } from '../../../src/lib/circle/pairing.ts';
import { isIn, personOfDevice } from '../../../src/lib/circle/roster.ts';
import { leaveSlot } from '../../../src/lib/circle/slots.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { keptToMyselfId } from '../../../src/lib/store/kept-to-myself.ts';
import { openPairings, queryPairings, type Pairings } from '../../../src/lib/store/pairings.ts';
import { readRoster } from '../../../src/lib/store/rosters.ts';
import {
  ana,
  awake,
  bo,
  hold,
  laptopKeys,
  mia,
  personOf,
  phoneKeys,
  settle,
  table,
  tableOn,
  until,
  type Awake
} from './two-devices.ts';

let pair: Awake[] = [];
const meet = async (...devices: readonly Promise<Awake>[]): Promise<[Awake, Awake]> => {
  pair = await Promise.all(devices);
  return pair as [Awake, Awake];
};
afterEach(async () => {
  for (const device of pair) {
    await device.stop();
    device.database.close();
  }
});

const saidOn = async ({ database, own }: Awake): Promise<Pairings> =>
  openPairings(own, await readRoster(database, own), await queryPairings(database, own.n));

/** Who a device is at the table, and by which keys; nobody where it is out, or not there. */
const atTable = async (device: Awake): Promise<{ person: PersonId | undefined; device: DeviceId } | undefined> => {
  const local = await device.circles.byId(table.id);
  if (local === undefined) return undefined;
  await local.refresh();
  const roster = await readRoster(device.database, local);
  const { id } = local.keyring.device;
  return isIn(roster, id) ? { person: personOfDevice(roster, id), device: id } : undefined;
};

describe('[OD2] a device', () => {
  test('comes in by another of its person’s, and is one of theirs', async () => {
    const [phone, laptop] = await meet(awake(phoneKeys, [table]), awake(laptopKeys, []));
    await until(pair, async () => (await atTable(laptop)) !== undefined);
    expect(await atTable(laptop)).toMatchObject({ person: personOf(ana) });
    expect(await laptop.database.settings.get(keptToMyselfId((await tableOn(laptop)).n))).toBeUndefined();
    await settle(pair);
    const { memberships } = await saidOn(phone);
    expect(memberships.map(({ by, device }) => [by, device]).toSorted()).toEqual(
      [
        [phoneKeys.device.id, ana.device.id],
        [laptopKeys.device.id, (await atTable(laptop))?.device]
      ].toSorted()
    );
  });

  test('that was there as somebody else comes in by the other once it has left, and not before', async () => {
    const [phone, laptop] = await meet(awake(phoneKeys, [table]), awake(laptopKeys, [table], bo));
    await settle(pair);
    expect((await saidOn(phone)).asks).toEqual([]);
    expect(await atTable(laptop)).toEqual({ person: personOf(bo), device: bo.device.id });
    const leave = { kind: kinds.leave, slot: leaveSlot, body: {}, expMs: null };
    unwrap(await laptop.author.say(await tableOn(laptop), leave));
    await until(pair, async () => (await atTable(laptop))?.person === personOf(ana));
    expect((await atTable(laptop))?.device).not.toBe(bo.device.id);
    await settle(pair);
    // It was here before: nothing of its own is offered to the circle as to a new one.
    expect(await laptop.database.settings.get(keptToMyselfId((await tableOn(laptop)).n))).toMatchObject({
      value: true
    });
    expect((await saidOn(phone)).asks).toHaveLength(1);
    expect(await atTable(phone)).toEqual({ person: personOf(ana), device: ana.device.id });
  });

  test('that friends removed stays out', async () => {
    const [phone, laptop] = await meet(awake(phoneKeys, [table]), awake(laptopKeys, [table], bo));
    const terms: ManifestTerms = {
      parent: table.keys.epoch,
      why: 'changed',
      people: [ana, mia].map((each) => ({ id: personOf(each), devices: [each.device.id] })),
      removed: [personOf(bo)],
      dropped: [],
      commit: new Uint8Array(16)
    };
    await hold(laptop.database, await tableOn(laptop), [
      await table.addition(ana, mia, { inviteNumber: 2, said: { seq: 3 } }),
      await table.vote(ana, { person: personOf(bo) }),
      await table.vote(mia, { person: personOf(bo) }),
      await table.manifest(ana, terms)
    ]);
    await settle(pair);
    expect(await atTable(laptop)).toBeUndefined();
    expect((await saidOn(phone)).asks).toEqual([]);
  });
});

test('[OD1] a device says by which keys it is in, also when those are others than before', async () => {
  const [phone] = await meet(awake(phoneKeys, [table]));
  const before = membershipToBody({ circle: table.id, device: bo.device.id, relays: [] });
  await phone.stop();
  unwrap(
    await phone.author.say(phone.own, {
      kind: kinds.membership,
      slot: membershipSlot(table.id),
      body: before,
      expMs: null
    })
  );
  await phone.restart();
  await expect.poll(async () => (await saidOn(phone)).memberships.map(({ device }) => device)).toEqual([ana.device.id]);
});
