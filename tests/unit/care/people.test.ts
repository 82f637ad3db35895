/** Who is here, and what the board says of devices: from statements, as friends made them. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeviceId, EpochId, InviteId, PersonId, RecordHash } from '../../../src/lib/base/ids.ts';
import {
  deviceNews,
  devicesNow,
  gonePeople,
  outReason,
  shownPeople,
  type PeopleFacts,
  type ShownPerson
} from '../../../src/lib/care/people.ts';
import { reduceCircle, type CircleState } from '../../../src/lib/circle/epochs.ts';
import type { Statement } from '../../../src/lib/circle/statements.ts';

const founding = 'founding' as EpochId;
const id = <Id extends string>(name: string): Id => name as Id;
const keys = { sign: new Uint8Array(32), agree: new Uint8Array(32) };
const introduced = (device: string) => ({ id: id<DeviceId>(device), keys });

let made = 0;
const stated = (author: string, epoch = founding) => ({
  author: id<DeviceId>(author),
  hash: id<RecordHash>(`hash ${++made}`),
  time: { ms: made, count: 0 },
  epoch
});
const invite = (): InviteId => id(`invite ${++made}`);
const title = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const genesis = (): Statement => ({
  ...stated('ana'),
  type: 'genesis',
  circleName: 'Us',
  person: id('ana'),
  personName: 'Ana',
  device: introduced('ana')
});
const add = (by: string, name: string): Statement => ({
  ...stated(by),
  type: 'add-person',
  invite: invite(),
  person: id(name),
  personName: title(name),
  device: introduced(name)
});
const addDevice = (by: string, device: string, label: string): Statement => ({
  ...stated(by),
  type: 'add-device',
  invite: invite(),
  label,
  device: introduced(device)
});
const vouch = (by: string, person: string, device: string): Statement => ({
  ...stated(by),
  type: 'rebind',
  person: id(person),
  invite: invite(),
  device: introduced(device)
});
const vote = (by: string, on: string): Statement => ({ ...stated(by), type: 'vote', on: { person: id(on) } });
const leave = (by: string, words: 'stay' | 'go' = 'stay'): Statement => ({ ...stated(by), type: 'leave', words });
/** By Ana: who is in from here on. */
const manifest = (
  people: Readonly<Record<string, readonly string[]>>,
  { removed = [], dropped = [] }: { removed?: readonly string[]; dropped?: readonly string[] } = {}
): Statement => ({
  ...stated('ana'),
  type: 'manifest',
  id: id('second'),
  parent: founding,
  why: 'changed',
  people: Object.entries(people).map(([person, devices]) => ({ id: id(person), devices: devices.map(id<DeviceId>) })),
  removed: removed.map(id<PersonId>),
  dropped: dropped.map(id<DeviceId>),
  commit: new Uint8Array(16)
});

/** Ana let Bo and Mia in, and Mia Jo. */
let four: Statement[];
beforeEach(() => {
  four = [genesis(), add('ana', 'bo'), add('ana', 'mia'), add('mia', 'jo')];
});

const state = (...more: readonly Statement[]): CircleState => reduceCircle([...four, ...more]);
const shown = (told: CircleState, viewer = 'bo', notes: Partial<PeopleFacts> = {}): ShownPerson[] =>
  shownPeople({ state: told, ownDevice: id(viewer), muted: [], compared: {}, ...notes });
const of = (name: string, told: CircleState, viewer = 'bo', notes: Partial<PeopleFacts> = {}): ShownPerson => {
  const person = shown(told, viewer, notes).find((each) => each.name === title(name));
  if (person === undefined) throw new Error(`${name} is here`);
  return person;
};

describe('who is here', () => {
  test('is oneself, then the others in the order they came', () => {
    expect(shown(state()).map(({ name, isYou }) => [name, isYou])).toEqual([
      ['Bo', true],
      ['Ana', false],
      ['Mia', false],
      ['Jo', false]
    ]);
  });

  test('is nobody who has left or was removed', () => {
    expect(shown(state(leave('mia'))).map(({ name }) => name)).toEqual(['Bo', 'Ana', 'Jo']);
    const out = state(
      ...['ana', 'bo'].map((by) => vote(by, 'mia')),
      manifest({ ana: ['ana'], bo: ['bo'], jo: ['jo'] }, { removed: ['mia'] })
    );
    expect(shown(out).map(({ name }) => name)).toEqual(['Bo', 'Ana', 'Jo']);
  });

  test('has its devices, by what they were added as, and knows this one', () => {
    const told = state(addDevice('mia', 'mias-laptop', 'laptop'));
    const device = (name: string, label: string, isThis: boolean) => ({ id: name, label, isThis });
    expect(of('mia', told).devices).toEqual([device('mia', '', false), device('mias-laptop', 'laptop', false)]);
    expect(of('mia', told, 'mias-laptop').devices).toEqual([
      device('mia', '', false),
      device('mias-laptop', 'laptop', true)
    ]);
    expect(of('mia', told, 'mias-laptop').isYou).toBe(true);
  });

  test('was let in by somebody, but for whoever began', () => {
    const told = state(addDevice('mia', 'mias-laptop', 'laptop'));
    const letIn = (viewer: string) => shown(told, viewer).map(({ name, letInBy }) => [name, letInBy]);
    expect(Object.fromEntries(letIn('ana'))).toEqual({
      Ana: null,
      Bo: { you: true, names: [] },
      Mia: { you: true, names: [] },
      Jo: { you: false, names: ['Mia'] }
    });
    expect(Object.fromEntries(letIn('jo'))).toMatchObject({
      Bo: { you: false, names: ['Ana'] },
      Jo: { you: false, names: ['Mia'] }
    });
  });
});

describe('a new phone', () => {
  const vouched = () => [vouch('mia', 'ana', 'anas-new'), vouch('bo', 'ana', 'anas-new'), vouch('jo', 'ana', 'other')];
  /** By Bo, since Ana's phone is gone. */
  const inPlace = (): Statement => ({
    ...manifest({ ana: ['anas-new'], bo: ['bo'], mia: ['mia'], jo: ['jo'] }, { dropped: ['ana'] }),
    author: id('bo')
  });

  test('is said with everybody who vouched for it, in roster order', () => {
    const told = state(...vouched(), inPlace());
    expect(of('ana', told, 'jo')).toMatchObject({ vouchedBy: { you: false, names: ['Bo', 'Mia'] } });
    expect(of('ana', told, 'bo')).toMatchObject({ vouchedBy: { you: true, names: ['Mia'] } });
    expect(of('ana', told, 'anas-new')).toMatchObject({ isYou: true, vouchedBy: { you: false, names: ['Bo', 'Mia'] } });
    expect(of('bo', told).vouchedBy).toBeNull();
  });

  test('is nobody’s as long as too few vouched', () => {
    expect(of('ana', state(...vouched().slice(0, 1))).vouchedBy).toBeNull();
    expect(of('ana', state(...vouched())).devices.map((each) => each.id)).toEqual(['ana']);
  });
});

describe('six words', () => {
  const told = () => state(addDevice('mia', 'mias-laptop', 'laptop'));
  test.each<[string, readonly string[] | undefined, ShownPerson['compared']]>([
    ['never compared', undefined, 'no'],
    ['of these devices', ['mias-laptop', 'mia'], 'yes'],
    ['of one device more, which is gone', ['mia', 'mias-laptop', 'mias-tablet'], 'yes'],
    ['before one device came', ['mia'], 'changed'],
    ['of none of them', ['mias-first'], 'changed']
  ])('%s', (_, then, compared) => {
    const notes = { compared: then === undefined ? {} : { mia: then.map(id<DeviceId>) } };
    expect(of('mia', told(), 'bo', notes).compared).toBe(compared);
    expect(of('jo', told(), 'bo', notes).compared).toBe('no');
  });

  test('with oneself are none', () => {
    expect(of('bo', told(), 'bo', { compared: { bo: [id('bo')] } }).compared).toBe('no');
  });
});

test('muted is who was muted, and never oneself', () => {
  const muted = shown(state(), 'bo', { muted: [id('bo'), id('mia')] }).filter((each) => each.muted);
  expect(muted.map(({ name }) => name)).toEqual(['Mia']);
});

describe('who has spoken', () => {
  test('is shown to nobody who has not, the one spoken of least of all', () => {
    const told = state(vote('ana', 'mia'));
    for (const viewer of ['bo', 'jo', 'mia']) expect(of('mia', told, viewer).spoken).toBeNull();
  });

  test('is shown to those who have, with how many more it takes', () => {
    const one = state(vote('bo', 'mia'));
    expect(of('mia', one).spoken).toEqual({ names: [], missing: 1 });
    const both = state(vote('bo', 'mia'), vote('ana', 'mia'));
    expect(of('mia', both).spoken).toEqual({ names: ['Ana'], missing: 0 });
    expect(of('ana', both).spoken).toBeNull();
  });

  test('counts nobody’s voice about themselves, and a person with two devices once', () => {
    const two = [
      addDevice('bo', 'bos-laptop', 'laptop'),
      vote('bo', 'mia'),
      vote('bos-laptop', 'mia'),
      vote('mia', 'mia')
    ];
    expect(of('mia', state(...two)).spoken).toEqual({ names: [], missing: 1 });
  });

  test('can remove others, never oneself, and nobody of two', () => {
    expect(shown(state()).map(({ name, mayRemove }) => [name, mayRemove])).toEqual([
      ['Bo', false],
      ['Ana', true],
      ['Mia', true],
      ['Jo', true]
    ]);
    expect(shown(state(leave('mia'), leave('jo'))).map(({ mayRemove }) => mayRemove)).toEqual([false, false]);
    expect(shown(state(leave('bo'))).every(({ mayRemove }) => !mayRemove)).toBe(true);
  });
});

describe('news of devices', () => {
  const laptop = () => addDevice('mia', 'mias-laptop', 'laptop');
  const before = () => devicesNow(state().roster);

  test('is what came since, once it is known what there was', () => {
    expect(deviceNews(state(laptop()), id('bo'), before())).toEqual([
      {
        person: 'mia',
        name: 'Mia',
        isYou: false,
        devices: [{ id: 'mias-laptop', label: 'laptop', isThis: false }],
        vouchedBy: null
      }
    ]);
    expect(deviceNews(state(laptop()), id('bo'), {})).toEqual([]);
    expect(deviceNews(state(laptop()), id('bo'), devicesNow(state(laptop()).roster))).toEqual([]);
  });

  test('is of one’s own as well, but never of this very device', () => {
    expect(deviceNews(state(laptop()), id('mia'), before())).toMatchObject([{ isYou: true }]);
    expect(deviceNews(state(laptop()), id('mias-laptop'), before())).toEqual([]);
  });

  test('says by whose word a lost phone’s place was taken', () => {
    const told = state(vouch('mia', 'ana', 'anas-new'), vouch('bo', 'ana', 'anas-new'), {
      ...manifest({ ana: ['anas-new'], bo: ['bo'], mia: ['mia'], jo: ['jo'] }, { dropped: ['ana'] }),
      author: id('bo')
    });
    expect(deviceNews(told, id('jo'), before())).toMatchObject([
      { name: 'Ana', devices: [{ id: 'anas-new' }], vouchedBy: { you: false, names: ['Bo', 'Mia'] } }
    ]);
  });

  test('is not that somebody came, left, or has a device less', () => {
    const fewer = { mia: ['mia', 'mias-tablet'].map(id<DeviceId>), bo: [id<DeviceId>('bo')] };
    expect(deviceNews(state(leave('jo')), id('bo'), fewer)).toEqual([]);
  });
});

describe('being out', () => {
  const votes = () => ['ana', 'bo'].map((by) => vote(by, 'mia'));
  const without = () => manifest({ ana: ['ana'], bo: ['bo'], jo: ['jo'] }, { removed: ['mia'] });

  test.each<[string, string, () => readonly Statement[], ReturnType<typeof outReason>]>([
    ['while one is in', 'mia', () => [], null],
    ['while it is only said', 'mia', votes, null],
    ['by the others', 'mia', () => [...votes(), without()], 'removed'],
    ['not of those who stay', 'jo', () => [...votes(), without()], null],
    ['by one’s own word', 'mia', () => [leave('mia')], 'left'],
    ['of a stranger is no question', 'stranger', () => [], null]
  ])('%s', (_, device, more, reason) => {
    expect(outReason(state(...more()).roster, id(device))).toBe(reason);
  });

  test('is told of others: who left, whether their words stay, and who was removed', () => {
    expect(gonePeople(state())).toEqual([]);
    const told = gonePeople(state(leave('bo'), leave('jo', 'go')));
    expect(told).toEqual([
      { id: 'bo', name: 'Bo', how: 'left', wordsStay: true },
      { id: 'jo', name: 'Jo', how: 'left', wordsStay: false }
    ]);
    expect(gonePeople(state(...votes(), without()))).toEqual([
      { id: 'mia', name: 'Mia', how: 'removed', wordsStay: false }
    ]);
  });

  test('of one device only, which another of the same person took off', () => {
    const told = state(
      addDevice('mia', 'mias-laptop', 'laptop'),
      { ...stated('mia'), type: 'vote', on: { device: id('mias-laptop') } },
      manifest({ ana: ['ana'], bo: ['bo'], mia: ['mia'], jo: ['jo'] }, { dropped: ['mias-laptop'] })
    );
    expect(outReason(told.roster, id('mias-laptop'))).toBe('taken-off');
    expect(outReason(told.roster, id('mia'))).toBeNull();
  });
});
