/** What goes from friend to friend in the epoch a circle is in, and what stays where it is. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EpochId } from '../../../src/lib/base/ids.ts';
import { carriedBy, carriedRows } from '../../../src/lib/circle/carrying.ts';
import { reduceCircle } from '../../../src/lib/circle/epochs.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { cast, personOf, Story, type Cast } from './story.ts';

let { ana, bob, mia, jo, tablet, laptop }: Cast = {} as Cast;
/** Ana, Bob, Mia and Jo. */
let story: Story;
let founding: EpochId;
beforeAll(async () => {
  ({ ana, bob, mia, jo, tablet, laptop } = await cast());
});
beforeEach(async () => {
  story = await Story.of(bob, mia, jo);
  founding = story.circle.keys.epoch;
});
const carried = (by: Cast[keyof Cast], said: EpochId, told = story) => carriedBy(told.state())(by.device.id, said);

const removeMia = async (told: Story): Promise<void> => {
  for (const voice of [ana, bob]) await told.vote(voice, mia);
  await told.begin(ana);
};

describe('[EP9] what friends said', () => {
  test('before and after an epoch began is carried in it, but nothing of the removed one', async () => {
    await removeMia(story);
    for (const said of [founding, story.head.id]) {
      expect(carried(bob, said)).toBe('yes');
      expect(carried(mia, said)).toBe('no');
    }
  });

  test('after somebody was removed is not carried where that one is in', async () => {
    const other = story.branch();
    await removeMia(story);
    const after = story.head.id;
    for (const voice of [ana, mia]) await other.vote(voice, jo);
    await other.begin(mia);
    await other.begin(bob, 'tidied');
    const both = story.with(other);
    expect(both.head.id).toBe(other.head.id);
    expect(carried(bob, after, both)).toBe('no');
    expect(carried(bob, founding, both)).toBe('yes');
    await both.begin(ana);
    expect(both.names).not.toContain('Mia');
    expect(carried(bob, after, both)).toBe('yes');
  });

  test('after a device was taken off is not carried where that one is in', async () => {
    await story.addDevice(bob, tablet);
    const other = story.branch();
    await story.takeOff(bob, tablet);
    await story.begin(bob);
    const after = story.head.id;
    expect(carried(tablet, founding)).toBe('no');
    for (const by of [ana, mia]) await other.begin(by, 'tidied');
    const both = story.with(other);
    expect(carried(ana, after, both)).toBe('no');
    await both.begin(ana);
    expect(carried(ana, after, both)).toBe('yes');
  });

  test('before a fresh beginning is not carried after it, on whichever way', async () => {
    const other = story.branch();
    await other.begin(bob, 'tidied');
    const aside = other.head.id;
    await story.begin(ana, 'fresh');
    const fresh = story.head.id;
    await story.begin(bob, 'tidied');
    const both = story.with(other);
    expect(both.head.id).toBe(story.head.id);
    expect([founding, aside, fresh, both.head.id].map((said) => carried(bob, said, both))).toEqual([
      'no',
      'no',
      'yes',
      'yes'
    ]);
  });

  test('in an epoch that is not known here waits, as does what an unknown device said', () => {
    expect(carried(bob, 'AAAAAAAAAAAAAAAAAAAAAA' as EpochId)).toBe('unknown');
    expect(carried(laptop, founding)).toBe('unknown');
    expect(carriedBy(reduceCircle([]))(bob.device.id, founding)).toBe('unknown');
  });
});

describe('[EP9] what somebody who left said', () => {
  test.each([
    ['stay', 'yes'],
    ['go', 'no']
  ] as const)('where their words %s: %s, the founder’s too, however many epochs later', async (words, expected) => {
    for (const who of [bob, ana]) {
      const told = story.branch();
      await told.leave(who, words);
      expect(carried(who, founding, told)).toBe(expected);
      await told.begin(mia);
      expect(carried(who, founding, told)).toBe(expected);
      await told.begin(jo, 'tidied');
      expect(carried(who, founding, told)).toBe(expected);
    }
  });

  test('goes, where one of their devices said so', async () => {
    await story.addDevice(bob, tablet);
    for (const [stay, go] of [
      [bob, tablet],
      [tablet, bob]
    ] as const)
      for (const [first, words] of [[stay, 'stay'] as const, [go, 'go'] as const]) {
        const told = story.branch();
        await told.leave(first, words);
        await told.leave(first === stay ? go : stay, words === 'stay' ? 'go' : 'stay');
        expect(carried(bob, founding, told)).toBe('no');
        expect(told.head.members.left.get(personOf(bob))).toBe('go');
      }
  });
});

test('[EP9] of rows at rest, statements always are carried; a row that names no epoch is of the founding one', async () => {
  await story.begin(ana, 'fresh');
  const isCarried = carriedRows(story.state(), founding);
  const device = bob.device.id;
  expect(isCarried({ kind: kinds.vote, device: laptop.device.id })).toBe(true);
  expect(isCarried({ kind: kinds.checkIn, device })).toBe(false);
  expect(isCarried({ kind: kinds.checkIn, device, epoch: story.head.id })).toBe(true);
});
