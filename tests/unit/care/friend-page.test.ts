/** A card, opened: Bo's, as Ana sees it, and one's own. */
import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../../src/lib/base/ids.ts';
import { makeBoard } from '../../../src/lib/care/board.ts';
import { makeFriendPage } from '../../../src/lib/care/friend-page.ts';
import {
  aboutOf,
  ana,
  bo,
  bosTablet,
  checkIn,
  everybody,
  facts,
  gesture,
  jo,
  letter,
  mia,
  reply,
  rosterOf,
  stranger
} from './kitchen-table.ts';

describe('the page of a friend', () => {
  const [first, second, third] = [
    checkIn(bo.phone, { words: 'first' }),
    checkIn(bosTablet, { words: 'second' }),
    checkIn(bo.phone, { words: 'third' })
  ];

  test('opens with their newest check-in, and has what they said before, newest first', () => {
    const page = makeFriendPage(bo.person, facts({ checkIns: [second, first, third, checkIn(mia.phone)] }));
    expect(page).toMatchObject({ person: bo.person, name: 'Bo', own: false, left: false, newer: false });
    expect(page?.opened?.record).toBe(third);
    expect(page?.before.map(({ record }) => record)).toEqual([second, first]);
    expect(page?.opened?.said.checkIn.words).toBe('third');
  });

  test('says of it what the card says', () => {
    const told = facts({ checkIns: [first, second], answers: [gesture(mia.phone, aboutOf(second), 'me-too')] });
    const card = makeBoard(told).cards.find(({ person }) => person === bo.person);
    const page = makeFriendPage(bo.person, told);
    expect(page?.opened?.said).toEqual(card?.said);
    expect(page?.opened?.answers.gestures).toEqual(card?.gestures);
    expect(card?.gestures).toHaveLength(1);
  });

  test('has the answers where they belong', () => {
    const answers = [
      reply(mia.phone, aboutOf(first), 'to the first'),
      gesture(ana.phone, aboutOf(third), 'i-see-you'),
      reply(bo.phone, aboutOf(third), 'thank you')
    ];
    const page = makeFriendPage(bo.person, facts({ checkIns: [first, third], answers }));
    expect(page?.opened?.answers).toMatchObject({ ownGesture: 'i-see-you', replies: [{ words: 'thank you' }] });
    expect(page?.before[0]?.answers).toMatchObject({ ownGesture: null, replies: [{ words: 'to the first' }] });
  });

  test('has what is between the two, and nothing of others', () => {
    const answers = [letter(bo, [ana], 'dear Ana'), letter(bo, [mia], 'dear Mia'), letter(ana, [bo], 'dear Bo')];
    const page = makeFriendPage(bo.person, facts({ answers }));
    expect(page?.between).toMatchObject([{ words: 'dear Ana' }, { words: 'dear Bo' }]);
  });

  test('is there before they said anything, and says whose app is newer', () => {
    const page = makeFriendPage(bo.person, facts({ newer: new Set([bo.person]) }));
    expect(page).toMatchObject({ opened: null, before: [], between: [], newer: true });
  });

  test('of somebody who left says so, and keeps their words', () => {
    const roster = rosterOf(everybody, [jo]);
    const page = makeFriendPage(jo.person, facts({ roster, checkIns: [checkIn(jo.phone, { words: 'so long' })] }));
    expect(page).toMatchObject({ name: 'Jo', left: true, opened: { said: { checkIn: { words: 'so long' } } } });
  });

  test("is nobody's where nobody by that id is on the roster", () => {
    expect(makeFriendPage('nobody' as PersonId, facts())).toBeUndefined();
    expect(makeFriendPage(bo.person, facts({ roster: rosterOf([ana]), checkIns: [first] }))).toBeUndefined();
  });
});

describe("one's own page", () => {
  test('is the own card, opened, with nothing between', () => {
    const mine = checkIn(ana.phone);
    const answers = [reply(bo.phone, aboutOf(mine), 'here'), letter(ana, [bo], 'dear Bo')];
    const page = makeFriendPage(ana.person, facts({ checkIns: [mine], answers }));
    expect(page).toMatchObject({ own: true, between: [], opened: { said: { delivery: { reached: ['Bo'] } } } });
    expect(page?.opened?.answers.replies).toMatchObject([{ name: 'Bo' }]);
  });

  test('[AU4] what was said on another device of one’s own is there, and is for that one to take back', () => {
    const [here, there] = [checkIn(bo.phone), checkIn(bosTablet)];
    const answers = [
      reply(bo.phone, aboutOf(here), 'from here'),
      reply(bosTablet, aboutOf(here), 'from there'),
      reply(mia.phone, aboutOf(here), 'from Mia'),
      letter(bo, [mia], 'dear Mia'),
      { ...letter(bo, [mia], 'dear Mia, from there'), device: bosTablet }
    ];
    const told = facts({ ownDevice: bo.phone, checkIns: [here, there], answers });
    const own = makeFriendPage(bo.person, told);
    const all = [own?.opened, ...(own?.before ?? [])];
    expect(all.find((each) => each?.record === there)).toHaveProperty('elsewhere', true);
    const opened = all.find((each) => each?.record === here);
    expect(opened).not.toHaveProperty('elsewhere');
    const isElsewhere = (entry: { readonly elsewhere?: true }): boolean => entry.elsewhere === true;
    expect(opened?.answers.replies.map(isElsewhere)).toEqual([false, true, false]);
    expect(makeFriendPage(mia.person, told)?.between.map(isElsewhere)).toEqual([false, true]);
    // To a friend it makes no difference.
    const seen = makeFriendPage(bo.person, facts({ checkIns: [here, there], answers }));
    expect(JSON.stringify(seen)).not.toContain('elsewhere');
  });

  test('is nowhere for whoever is on no roster yet: everybody is a friend', () => {
    const newcomer = facts({ ownDevice: stranger, checkIns: [checkIn(bo.phone)] });
    const page = makeFriendPage(bo.person, newcomer);
    expect(page).toMatchObject({ own: false, between: [], opened: { answers: { ownGesture: null, beenThere: [] } } });
  });
});
