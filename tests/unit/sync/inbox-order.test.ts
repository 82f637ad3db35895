/** Any order, any repetition, any batches: the same rows, and the same roster as after a reload. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { compareBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import { fadedKind } from '../../../src/lib/store/fading.ts';
import { Inbox, type Arrival, type Outcome } from '../../../src/lib/sync/inbox.ts';
import { HandClock, noonMs } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { checkInBody, FoundedCircle, friend, type Friend } from '../circle/friends.ts';
import { testDevice } from '../store/memory-database.ts';

let circle: FoundedCircle;
let reader: Friend;
/** Honest and hostile things that may come, in a circle of Ana, Bo, Mia and Jo. */
let arrivals: Arrival[];

beforeAll(async () => {
  circle = await FoundedCircle.by();
  const [ana, bo, mia, jo, eve] = (await Promise.all([0, 1, 2, 3, 4].map(friend))) as [
    Friend,
    Friend,
    Friend,
    Friend,
    Friend
  ];
  reader = bo;
  const forged = await circle.say(eve, { device: bo.device.id, ver: 9 });
  const moved = await circle.say(mia, { slot: 'moved' });
  const records = await Promise.all([
    circle.genesis(),
    circle.genesis({ said: { seq: 5 }, body: { name: 'Signed twice' } }),
    circle.addition(ana, bo, { inviteNumber: 1 }),
    circle.addition(bo, mia, { inviteNumber: 2 }),
    circle.addition(mia, jo, { inviteNumber: 3 }),
    // Mia lets Jo in twice over, in one slot under one version, on different invitations.
    circle.addition(mia, jo, { inviteNumber: 4, said: { time: { ms: noonMs - 5, count: 0 } } }),
    circle.addition(eve, eve),
    // Not the reader's own: whoever leaves takes in no more words from then on (EP17).
    circle.leave(jo),
    circle.say(ana),
    circle.say(ana, { ver: 2, seq: 3, body: checkInBody('better') }),
    circle.say(ana, { ver: 3, seq: 4, kind: kinds.gone, body: {} }),
    // Jo says two things under one number.
    circle.say(jo, { ver: 1, body: checkInBody('this') }),
    circle.say(jo, { ver: 1, body: checkInBody('that') }),
    circle.say(mia, { expMs: noonMs - 1, ver: 1, slot: 'expired' }),
    circle.say(mia, { kind: 999, slot: 'later', body: {} }),
    circle.say(mia, { time: { ms: 0, count: 0 }, slot: 'back-dated' }),
    circle.say(mia, { time: { ms: noonMs * 2, count: 0 }, slot: 'far ahead' }),
    circle.say(eve)
  ]);
  const garbage: Bytes = seededRandom(1).bytes(800);
  garbage[0] = 1;
  arrivals = [
    ...records.map(({ envelope, key }) => ({ bytes: envelope, key })),
    { bytes: forged.envelope, key: forged.key },
    { bytes: moved.envelope, key: forged.key },
    { bytes: garbage, key: forged.key },
    { bytes: garbage }
  ];
});

/** What a device holds after these batches, what waits being offered again until nothing changes. */
const heldAfter = async (batches: readonly (readonly Arrival[])[]) => {
  const clock = new HandClock();
  const { database, local } = await testDevice(circle, reader, clock);
  const inbox = new Inbox({ database, clock, random: systemRandom }, local);
  let waiting: Arrival[] = [];
  const offer = async (batch: readonly Arrival[]): Promise<Outcome[]> => {
    const outcomes = await inbox.receive(batch);
    waiting.push(...batch.filter((_, i) => outcomes[i]?.type === 'waits'));
    return outcomes;
  };
  for (const batch of batches) await offer(batch);
  for (let progress = true; progress;) {
    const again = waiting;
    waiting = [];
    progress = (await offer(again)).some(({ type }) => type === 'stored');
  }
  const rows = await database.envelopes.toArray();
  const reloaded = await new Inbox({ database, clock, random: systemRandom }, local).roster();
  return { rows: rows.map(withoutSealing), roster: await inbox.roster(), reloaded };
};

const withoutSealing = ({ bytes, ...row }: EnvelopeRow): Omit<EnvelopeRow, 'bytes'> & { sealed: boolean } => ({
  ...row,
  sealed: compareBytes(bytes, new Uint8Array(0)) > 0
});

describe('[IB9] any order, repetition and batching', () => {
  test('gives the same rows and the same roster, which is the one on disk', async () => {
    const expected = await heldAfter([arrivals]);
    expect(expected.rows.map(({ kind }) => kind).sort((a, b) => a - b)).toEqual([
      fadedKind,
      1,
      2,
      2,
      2,
      6,
      16,
      32,
      32,
      999
    ]);
    expect(expected.roster).toEqual(expected.reloaded);
    const order = fc.shuffledSubarray(
      Array.from({ length: 22 }, (_, i) => i),
      { minLength: 22 }
    );
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.array(fc.nat(21), { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        async (first, repeated, size) => {
          const delivered = [...first, ...repeated].map((i) => arrivals[i] as Arrival);
          const batches = Array.from({ length: Math.ceil(delivered.length / size) }, (_, i) =>
            delivered.slice(i * size, (i + 1) * size)
          );
          const held = await heldAfter(batches);
          expect(held.rows).toEqual(expected.rows);
          expect(held.reloaded).toEqual(expected.reloaded);
          expect(held.roster).toEqual(expected.roster);
        }
      ),
      { numRuns: 40 }
    );
  });
});
