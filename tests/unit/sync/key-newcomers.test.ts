/** Whom a device hands content keys to: devices of its person that it let in itself, or that nobody else can hand them to. */
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { bytesToId, idToBytes, type DeviceId, type PersonId } from '../../../src/lib/base/ids.ts';
import { reduceCircle } from '../../../src/lib/circle/epochs.ts';
import type { ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { newcomersOf } from '../../../src/lib/sync/key-handing.ts';
import { noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, friend, type Friend } from '../circle/friends.ts';

const table = await FoundedCircle.by(0);
const [ana, bo, mia, second, tablet] = await Promise.all([friend(0), friend(1), friend(2), friend(3), friend(4)]);
const personOf = ({ device }: Friend): PersonId => bytesToId(idToBytes(device.id));

describe('[OD7] a newcomer', () => {
  const stateOf = async (...records: readonly SealedRecord[]) =>
    reduceCircle(
      await Promise.all(
        [await table.genesis(), await table.addition(ana, bo), ...records].map((each) => table.statement(each))
      )
    );
  const idOf = ({ device }: Friend): DeviceId => device.id;
  const later = { said: { time: { ms: noonMs + dayMs, count: 0 }, seq: 8 }, inviteNumber: 5 };

  test('is a device that one let in oneself, as of then', async () => {
    const state = await stateOf(await table.addDevice(ana, tablet, later));
    expect(newcomersOf(state, idOf(ana), [idOf(tablet)])).toEqual([{ device: idOf(tablet), sinceMs: noonMs + dayMs }]);
    expect(newcomersOf(state, idOf(tablet), [idOf(tablet), idOf(ana)])).toEqual([]);
  });

  test('is nobody who only asked, nobody else’s device, and nobody whom another let in who is still there', async () => {
    const state = await stateOf(
      await table.addDevice(ana, tablet, later),
      await table.addDevice(tablet, second, { inviteNumber: 6 })
    );
    expect(newcomersOf(state, idOf(ana), [idOf(mia)])).toEqual([]);
    expect(newcomersOf(state, idOf(bo), [idOf(tablet), idOf(second)])).toEqual([]);
    expect(newcomersOf(state, idOf(ana), [idOf(tablet), idOf(second)]).map(({ device }) => device)).toEqual([
      idOf(tablet)
    ]);
    expect(newcomersOf(state, idOf(tablet), [idOf(second)]).map(({ device }) => device)).toEqual([idOf(second)]);
  });

  test('is whom a device let in that is out by now; and none that is out itself', async () => {
    const terms = (dropped: Friend): ManifestTerms => ({
      parent: table.keys.epoch,
      why: 'changed',
      people: [
        { id: personOf(ana), devices: [ana, tablet, second].map(idOf).filter((device) => device !== idOf(dropped)) },
        { id: personOf(bo), devices: [idOf(bo)] }
      ],
      removed: [],
      dropped: [idOf(dropped)],
      commit: new Uint8Array(16)
    });
    const without = async (dropped: Friend) =>
      stateOf(
        await table.addDevice(ana, tablet, later),
        await table.addDevice(tablet, second, { inviteNumber: 6 }),
        await table.vote(ana, { device: idOf(dropped) }),
        await table.manifest(ana, terms(dropped))
      );
    const tabletOut = await without(tablet);
    expect(newcomersOf(tabletOut, idOf(ana), [idOf(second)]).map(({ device }) => device)).toEqual([idOf(second)]);
    expect(newcomersOf(tabletOut, idOf(ana), [idOf(tablet)])).toEqual([]);
    expect(newcomersOf(tabletOut, idOf(tablet), [idOf(second)])).toEqual([]);
  });
});
