/** Naming one's own devices: said in one's own circle, by any of them. */
import { expect, test } from 'vitest';
import { newOwnCircle } from '../../../src/lib/app/commands/circles.ts';
import { nameDevice } from '../../../src/lib/app/commands/people.ts';
import type { Shoulder } from '../../../src/lib/app/shoulder.ts';
import { minuteMs } from '../../../src/lib/base/clock.ts';
import { bytesToId, idToBytes, type DeviceId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import type { ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import { deviceLabelSlot, deviceLabelToBody } from '../../../src/lib/circle/pairing.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import type { LocalCircle } from '../../../src/lib/store/circles.ts';
import type { ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { openPairings, queryPairings } from '../../../src/lib/store/pairings.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { readState } from '../../../src/lib/store/rosters.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, friend, type Friend } from '../circle/friends.ts';
import { testDevice } from '../store/memory-database.ts';
import { phone } from './backup/phone.ts';

const labelsOn = async (database: ShoulderDatabase, own: LocalCircle): Promise<ReadonlyMap<DeviceId, string>> => {
  const { roster } = await readState(database, own);
  return (await openPairings(own, roster, await queryPairings(database, own.n))).labels;
};

test('[OD6] with one device that one is named, named again, and the name taken away', async () => {
  const clock = new HandClock();
  const app = (await phone(clock)) as unknown as Shoulder;
  const own = unwrap(await newOwnCircle(app));
  const { id } = own.keyring.device;
  expect(await labelsOn(app.database, own)).toEqual(new Map());
  for (const [name, kept] of [
    ['  Pocket ', 'Pocket'],
    ['Coat', 'Coat'],
    ['   ', '']
  ] as const) {
    unwrap(await nameDevice(app, id, name));
    expect(await labelsOn(app.database, own)).toEqual(new Map([[id, kept]]));
  }
  // Each took the place of the one before.
  expect(
    await app.database.envelopes
      .where({ circle: own.n })
      .and(({ kind }) => kind === kinds.deviceLabel)
      .count()
  ).toBe(1);
  expect(await app.database.outbox.count()).toBe(0);
});

test('[OD6] whichever device said it, the latest counts; of one that is out, or no device of one’s own, nothing does', async () => {
  const circle = await FoundedCircle.by();
  const [ana, tablet, laptop, eve] = await Promise.all([friend(0), friend(1), friend(2), friend(4)]);
  const { database, local } = await testDevice(circle, ana, new HandClock());
  const hold = (...records: readonly SealedRecord[]): Promise<unknown> =>
    database.transaction('rw', database.envelopes, () =>
      putNewer(
        database,
        records.map((record) => toEnvelopeRow(local, record, record.envelope))
      )
    );
  const call = ({ device }: Friend, label: string, by: Friend, minutes: number): Promise<SealedRecord> =>
    circle.say(by, {
      seq: 20 + minutes,
      slot: deviceLabelSlot(device.id),
      kind: kinds.deviceLabel,
      time: { ms: noonMs + minutes * minuteMs, count: 0 },
      body: deviceLabelToBody({ device: device.id, label })
    });
  await hold(
    await circle.genesis(),
    await circle.addDevice(ana, tablet, { inviteNumber: 1 }),
    await circle.addDevice(ana, laptop, { inviteNumber: 2 }),
    await call(tablet, 'Kitchen', ana, 1),
    await call(tablet, 'Bedroom', tablet, 3),
    await call(tablet, 'Bath', laptop, 2),
    await call(ana, 'Pocket', laptop, 4),
    await call(ana, 'Mine now', eve, 5)
  );
  expect(await labelsOn(database, local)).toEqual(
    new Map([
      [tablet.device.id, 'Bedroom'],
      [ana.device.id, 'Pocket']
    ])
  );
  const terms: ManifestTerms = {
    parent: circle.keys.epoch,
    why: 'changed',
    people: [{ id: bytesToId(idToBytes(ana.device.id)), devices: [ana.device.id, tablet.device.id] }],
    removed: [],
    dropped: [laptop.device.id],
    commit: new Uint8Array(16)
  };
  await hold(await circle.vote(ana, { device: laptop.device.id }), await circle.manifest(ana, terms));
  expect(await labelsOn(database, local)).toEqual(new Map([[tablet.device.id, 'Bedroom']]));
});
