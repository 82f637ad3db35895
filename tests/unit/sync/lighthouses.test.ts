/** Which epochs a device serves, in a circle in which some went on and others don't know of it. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EpochId } from '../../../src/lib/base/ids.ts';
import { farewellMs, lighthouseLifetimeMs } from '../../../src/lib/base/limits.ts';
import { holdEpoch, openKeyring, type HeldEpoch } from '../../../src/lib/store/keyring.ts';
import { lighthousesServed } from '../../../src/lib/sync/lighthouses.ts';
import { standingIn } from '../../../src/lib/sync/succession.ts';
import { noonMs } from '../base/hand-clock.ts';
import type { Friend } from '../circle/friends.ts';
import { cast, Story, type Cast } from '../circle/story.ts';
import { keyringOf } from '../store/memory-database.ts';

let { ana, bob, mia, jo, tablet }: Cast = {} as Cast;
let story: Story;
let founding: EpochId;
/** Ana tidied up while nobody heard her, and then let Jo in. */
let tidied: EpochId;

beforeAll(async () => {
  ({ ana, bob, mia, jo, tablet } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia);
  founding = story.head.id;
  tidied = (await story.begin(ana, 'tidied')).id;
  await story.letIn(ana, jo);
});

const hold = (epoch: EpochId, n: number): Promise<HeldEpoch> =>
  holdEpoch({ epoch, secret: new Uint8Array(32).fill(n) }, noonMs);

/** What a friend's device serves that is in `current` and came through `former`; `seen`: whose ledgers it holds, by epoch. */
const served = async (
  who: Friend,
  { current, former = [], seen = [], nowMs = noonMs }: Serving
): Promise<readonly EpochId[]> => {
  const epochs = await Promise.all([current, ...former].map((epoch, i) => hold(epoch, i)));
  const keyring = await openKeyring(story.circle.id, { ...keyringOf(story.circle, who), epochs });
  const state = story.state();
  const standing = standingIn(story.head, who.device.id, story.head.id === current);
  const ledgers = seen.map(([{ device }, epoch]) => ({ device: device.id, epoch }));
  return lighthousesServed({ keyring, whereabouts: { standing, state }, ledgers, nowMs }).map(({ epoch }) => epoch);
};

interface Serving {
  readonly current: EpochId;
  readonly former?: readonly EpochId[];
  readonly seen?: readonly (readonly [Friend, EpochId])[];
  readonly nowMs?: number;
}

describe('[EP12] of a device that is where the circle is', () => {
  test('are those it came through, while somebody was not seen where it is', async () => {
    const here = { current: tidied, former: [founding] };
    expect(await served(ana, { ...here, seen: [[bob, tidied]] })).toEqual([founding]);
    expect(
      await served(ana, {
        ...here,
        seen: [
          [bob, founding],
          [mia, tidied],
          [jo, tidied]
        ]
      })
    ).toEqual([founding]);
  });

  test('are none once everybody was seen, and none for longer than half a year', async () => {
    const here = { current: tidied, former: [founding] };
    const seen = [bob, mia, jo].map((each) => [each, tidied] as const);
    expect(await served(ana, { ...here, seen })).toEqual([]);
    expect(await served(ana, { ...here, nowMs: noonMs + lighthouseLifetimeMs - 1 })).toEqual([founding]);
    expect(await served(ana, { ...here, nowMs: noonMs + lighthouseLifetimeMs })).toEqual([]);
  });

  test('is the last one for a week where something was decided, so that whoever is out hears of it', async () => {
    for (const each of [ana, bob]) await story.vote(each, mia);
    const { id: changed } = await story.begin(ana);
    const here = {
      current: changed,
      former: [tidied, founding],
      seen: [bob, jo].map((each) => [each, changed] as const)
    };
    expect(await served(ana, { ...here, nowMs: noonMs + farewellMs - 1 })).toEqual([tidied]);
    expect(await served(ana, { ...here, nowMs: noonMs + farewellMs })).toEqual([]);
  });
});

test('[EP12] a device that waits for keys is where it was, and where it was before', async () => {
  await story.begin(jo, 'fresh');
  expect(await served(ana, { current: tidied, former: [founding] })).toEqual([tidied, founding]);
});

describe('[EP17] of a device whose person left', () => {
  const gone = { seen: [] as (readonly [Friend, EpochId])[] };
  beforeEach(async () => {
    await story.leave(ana);
    gone.seen = [
      [ana, tidied],
      [jo, tidied]
    ];
  });

  test('are those it came through, as long as its leaving is not heeded yet', async () => {
    expect(await served(ana, { current: tidied, former: [founding], ...gone })).toEqual([founding]);
  });

  test('are where it left and those before, while somebody who is in was never seen there', async () => {
    await story.begin(jo);
    const left = { current: tidied, former: [founding] };
    expect(await served(ana, { ...left, ...gone })).toEqual([tidied, founding]);
    expect(await served(ana, { ...left, seen: [...gone.seen, [bob, tidied], [mia, founding]] })).toEqual([
      tidied,
      founding
    ]);
    expect(await served(ana, { ...left, seen: [...gone.seen, [bob, tidied], [mia, tidied]] })).toEqual([]);
  });

  test('are none where everybody it could tell is where it left', async () => {
    await story.begin(jo);
    expect(await served(ana, { current: tidied, ...gone })).toEqual([]);
  });

  test('are none once those it came through are served no more', async () => {
    await story.begin(jo);
    const left = { current: tidied, former: [founding], ...gone };
    expect(await served(ana, { ...left, nowMs: noonMs + lighthouseLifetimeMs - 1 })).toEqual([tidied, founding]);
    expect(await served(ana, { ...left, nowMs: noonMs + lighthouseLifetimeMs })).toEqual([]);
  });

  test('are none once the others put it out, or another device of its person', async () => {
    await story.addDevice(ana, tablet);
    await story.takeOff(tablet, ana);
    for (const each of [bob, jo, mia]) await story.vote(each, ana);
    await story.begin(jo);
    expect(await served(ana, { current: tidied, former: [founding], ...gone })).toEqual([]);
    expect(await served(tablet, { current: tidied, former: [founding], ...gone })).toEqual([]);
  });
});
