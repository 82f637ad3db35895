/** Epochs that the circle went past another way: whose keys a device finds, and what it hears there. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EpochId } from '../../../src/lib/base/ids.ts';
import { lighthousesMax } from '../../../src/lib/base/limits.ts';
import type { Manifest } from '../../../src/lib/circle/statements.ts';
import { sealEpoch, sealsSlot } from '../../../src/lib/circle/seals.ts';
import { commitmentOf, deriveEpochKeys, noticeKeys } from '../../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { openRecord, sealAgain } from '../../../src/lib/records/opened-record.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import type { EnvelopeRow } from '../../../src/lib/store/database.ts';
import { LostEpochs } from '../../../src/lib/sync/lost-epochs.ts';
import { HandClock } from '../base/hand-clock.ts';
import { random, type Friend } from '../circle/friends.ts';
import { cast, Story, type Cast } from '../circle/story.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

let { ana, bob, mia }: Cast = {} as Cast;
let story: Story;
let device: TestDevice;
let lost: LostEpochs;
const secretOf = (n: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(n);

beforeAll(async () => {
  ({ ana, bob, mia } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia);
  device = await testDevice(story.circle, ana, new HandClock());
  lost = new LostEpochs(device.local, random);
});

/** Two went on from one epoch, and one of them once more: the circle is where that led. The other one's manifest. */
const part = async (n = 1): Promise<Manifest> => {
  const other = story.branch();
  const manifest = await other.begin(bob, 'tidied', { commit: await commitmentOf(secretOf(n)) });
  for (let i = 0; i < 2; i++) await story.begin(mia, 'tidied');
  story = story.with(other);
  return manifest;
};

const sealed = async (epoch: EpochId, n: number, to: Friend): Promise<EnvelopeRow> => {
  const { circle } = story;
  const body = await sealEpoch(circle.id, { epoch, secret: secretOf(n) }, [to.secrets.publicKeys.agree], random);
  const record = await circle.say(bob, { kind: kinds.seals, slot: sealsSlot(epoch), body });
  return toEnvelopeRow(device.local, await circle.open(record), record.envelope);
};

describe('[EP18] keys of where the circle went past another way', () => {
  test('are found where somebody handed them to this device, and not before', async () => {
    const { id } = await part();
    expect(story.head.id).not.toBe(id);
    expect(await lost.keysOf(story.state(), [])).toEqual([]);
    expect(await lost.keysOf(story.state(), [await sealed(id, 1, mia)])).toEqual([]);
    expect(await lost.keysOf(story.state(), [await sealed(id, 1, mia), await sealed(id, 1, ana)])).toMatchObject([
      { epoch: id }
    ]);
  });

  test('are none of another secret than the one that was committed to, nor of an epoch on the way', async () => {
    const { id } = await part();
    expect(await lost.keysOf(story.state(), [await sealed(id, 2, ana)])).toEqual([]);
    expect(await lost.keysOf(story.state(), [await sealed(story.head.id, 1, ana)])).toEqual([]);
  });

  test('are at most as many as are served', async () => {
    const rows: EnvelopeRow[] = [];
    const before = story;
    for (let n = 1; n < lighthousesMax + 3; n++) {
      const other = before.branch();
      const { id } = await other.begin(bob, 'tidied', { commit: await commitmentOf(secretOf(n)) });
      rows.push(await sealed(id, n, ana));
      story = story.with(other);
    }
    for (let i = 0; i < 2; i++) await story.begin(mia, 'tidied');
    expect(await lost.keysOf(story.state(), rows)).toHaveLength(lighthousesMax);
  });
});

test('[EP18] what is heard there opens here, said or shown; what is nothing stays as it is', async () => {
  const { id } = await part();
  const { circle } = story;
  const keys = await deriveEpochKeys(circle.id, id, secretOf(1), circle.slotSecret);
  const record = await circle.open(await circle.say(bob));
  const there = [keys, noticeKeys(keys.lighthouse)];
  const arrivals = await Promise.all(there.map(async (each) => ({ bytes: await sealAgain(each, record, random) })));
  const nothing = { bytes: new Uint8Array(300) };
  const [said, shown, same] = await lost.readable(keys, [...arrivals, nothing]);
  for (const each of [said, shown]) {
    const opened = each && (await openRecord(each.bytes, device.local.keyring.epochs));
    expect(opened).toMatchObject({ ok: true, value: { hash: record.hash } });
  }
  expect(same).toEqual(nothing);
});
