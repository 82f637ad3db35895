/** What a former epoch's lighthouse shows, and to whom more than the first step of the way on. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { idToBytes, type EpochId, type RecordHash } from '../../../src/lib/base/ids.ts';
import { sealsSlot } from '../../../src/lib/circle/seals.ts';
import type { Manifest } from '../../../src/lib/circle/statements.ts';
import { deriveEpochKeys } from '../../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { noticesOf } from '../../../src/lib/sync/notices.ts';
import { HandClock } from '../base/hand-clock.ts';
import { random } from '../circle/friends.ts';
import { cast, Story, type Cast } from '../circle/story.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

let { ana, bob, mia, jo, tablet }: Cast = {} as Cast;
let story: Story;
let device: TestDevice;
/** Of the seals that were said. */
let seals: Map<EpochId, EnvelopeRow>;

beforeAll(async () => {
  ({ ana, bob, mia, jo, tablet } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia);
  device = await testDevice(story.circle, ana, new HandClock());
  seals = new Map();
});

/** The next epoch, with its seals. */
const goOn = async (why: Manifest['why'] = 'tidied'): Promise<Manifest> => {
  const { circle } = story;
  const manifest = await story.begin(ana, why);
  const body = { epoch: idToBytes(manifest.id), seals: [new Uint8Array(80)] };
  const said = { kind: kinds.seals, slot: sealsSlot(manifest.id), epoch: manifest.parent, body };
  const record = await circle.say(ana, said);
  seals.set(manifest.id, toEnvelopeRow(device.local, await circle.open(record), record.envelope));
  return manifest;
};

/** The hashes of all that is shown in an old epoch. */
const shownIn = async (old: EpochId): Promise<ReadonlySet<RecordHash>> => {
  const { circle, records } = story;
  const statements = await Promise.all(
    [...records.values()].map(async (record) => toEnvelopeRow(device.local, await circle.open(record), record.envelope))
  );
  const { lighthouse } = await deriveEpochKeys(circle.id, old, new Uint8Array(32), circle.slotSecret);
  const rows = [...statements, ...seals.values()];
  const notices = await noticesOf(device.local, story.state(), lighthouse, rows, random);
  return new Set(notices.map(({ hash }) => hash));
};

/** Whether a step on the way is shown in an old epoch: what began it, and its keys. */
const isShown = async (old: EpochId, { id, hash }: Manifest): Promise<boolean> => {
  const shown = await shownIn(old);
  const isBegun = shown.has(hash);
  expect(shown.has(seals.get(id)?.hash ?? ('' as RecordHash))).toBe(isBegun);
  return isBegun;
};

describe('[EP10] a former epoch shows', () => {
  test('the whole way on where everybody is in who was, and what was said on it', async () => {
    const { epoch } = story.circle.keys;
    const first = await goOn();
    const came = await story.letIn(bob, jo);
    const second = await goOn();
    const later = await story.addDevice(mia, tablet);
    for (const step of [first, second]) expect(await isShown(epoch, step)).toBe(true);
    const shown = await shownIn(epoch);
    expect(shown.has(came.hash)).toBe(true);
    expect(shown.has(later.hash)).toBe(false);
  });

  test('the first step only where somebody was removed since, at once or later', async () => {
    const { epoch } = story.circle.keys;
    const first = await goOn();
    const came = await story.letIn(bob, jo);
    const second = await goOn();
    for (const each of [ana, bob, jo]) await story.vote(each, mia);
    await goOn('changed');
    expect(story.names).toEqual(['Ana', 'Bo', 'Jo']);
    expect(await isShown(epoch, first)).toBe(true);
    expect(await isShown(epoch, second)).toBe(false);
    expect((await shownIn(epoch)).has(came.hash)).toBe(false);
  });

  test('the first step only where one of somebody’s devices was taken off', async () => {
    const { epoch } = story.circle.keys;
    await story.addDevice(mia, tablet);
    await goOn();
    await story.takeOff(mia, tablet);
    expect(await isShown(epoch, await goOn('changed'))).toBe(false);
  });

  test('the first step only to whoever left while it lasted, and all of it where they had left before', async () => {
    const { epoch } = story.circle.keys;
    await story.leave(mia);
    const second = await goOn('changed');
    await goOn();
    const last = await goOn();
    expect(await isShown(epoch, second)).toBe(true);
    expect(await isShown(epoch, last)).toBe(false);
    expect(await isShown(second.id, last)).toBe(true);
  });

  test('the first step only to whoever had said that they left, and was in all the same', async () => {
    await story.leave(mia);
    const people = [ana, bob, mia].map(({ device: { id } }) => ({ id: id as string as never, devices: [id] }));
    const listing = await story.begin(ana, 'tidied', { people });
    await goOn();
    expect(await isShown(listing.id, await goOn())).toBe(false);
  });
});
