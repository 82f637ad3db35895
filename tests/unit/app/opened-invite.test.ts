/** A link that was opened: whether it can still be of use to whoever opened it. */
import { beforeEach, expect, test } from 'vitest';
import { OpenedInvite } from '../../../src/lib/app/opened-invite.ts';
import type { Shoulder } from '../../../src/lib/app/shoulder.ts';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { bytesToId, idToBytes, type CircleId } from '../../../src/lib/base/ids.ts';
import { err, ok } from '../../../src/lib/base/result.ts';
import { invitationToFragment, type Invitation } from '../../../src/lib/circle/invitation.ts';
import type { ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { Drafts } from '../../../src/lib/store/drafts.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { Rosters } from '../../../src/lib/store/roster-cache.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, friend } from '../circle/friends.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

const circle = await FoundedCircle.by();
const [ana, bo, phone] = await Promise.all([friend(0), friend(1), friend(2)]);
const invitation: Invitation = {
  secret: new Uint8Array(16).fill(1),
  circle: circle.id,
  untilMs: noonMs + 7 * dayMs,
  relays: []
};
const link = async (changes: Partial<Invitation> = {}): Promise<string> =>
  invitationToFragment({ ...invitation, ...changes });

let device: TestDevice;
let invites: OpenedInvite;

/** Bo's device, in Ana's circle. */
beforeEach(async () => {
  const clock = new HandClock();
  device = await testDevice(circle, bo, clock);
  const { database, vault, circles } = device;
  const app = { database, circles, clock, rosters: new Rosters(), drafts: new Drafts(database, vault) };
  invites = new OpenedInvite(app as unknown as Shoulder);
  await hold(device, await circle.genesis(), await circle.addition(ana, bo));
});

const hold = ({ database, local }: TestDevice, ...records: readonly SealedRecord[]): Promise<unknown> =>
  database.transaction('rw', database.envelopes, () =>
    putNewer(
      database,
      records.map((record) => toEnvelopeRow(local, record, record.envelope))
    )
  );

test('to a circle that is not here is of use', async () => {
  const elsewhere = { circle: bytesToId<CircleId>(new Uint8Array(16)) };
  expect(await invites.read(await link(elsewhere))).toEqual(ok({ ...invitation, ...elsewhere }));
});

test('to a circle one is in is of none, for a friend or for another device', async () => {
  expect(await invites.read(await link())).toEqual(err('member'));
  expect(await invites.read(await link({ forDevice: true }))).toEqual(err('device-member'));
});

test('to a circle one has left is of use: one may come back on the same device', async () => {
  await hold(device, await circle.leave(bo));
  expect(await invites.read(await link())).toEqual(ok(invitation));
});

test('where this device was taken off, and its person is in by another, it is of use', async () => {
  const terms: ManifestTerms = {
    parent: circle.keys.epoch,
    why: 'changed',
    people: [
      { id: bytesToId(idToBytes(ana.device.id)), devices: [ana.device.id] },
      { id: bytesToId(idToBytes(bo.device.id)), devices: [phone.device.id] }
    ],
    removed: [],
    dropped: [bo.device.id],
    commit: new Uint8Array(16)
  };
  await hold(device, await circle.addDevice(bo, phone), await circle.vote(phone, { device: bo.device.id }));
  expect(await invites.read(await link())).toEqual(err('member'));
  await hold(device, await circle.manifest(ana, terms));
  expect(await invites.read(await link())).toEqual(ok(invitation));
  expect(await invites.read(await link({ forDevice: true }))).toEqual(ok({ ...invitation, forDevice: true }));
});
