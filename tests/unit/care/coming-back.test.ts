/** Somebody asks to come back: whom they may be, and how many of the others it takes. */
import { describe, expect, test } from 'vitest';
import type { DeviceId, EpochId, InviteId, PersonId, RecordHash } from '../../../src/lib/base/ids.ts';
import { comingBack, type ComingBack } from '../../../src/lib/care/coming-back.ts';
import { reduceCircle } from '../../../src/lib/circle/epochs.ts';
import type { Statement } from '../../../src/lib/circle/statements.ts';

const id = <Id extends string>(name: string): Id => name as Id;
const introduced = (device: string) => ({
  id: id<DeviceId>(device),
  keys: { sign: new Uint8Array(32), agree: new Uint8Array(32) }
});

let made = 0;
const stated = (author: string) => ({
  author: id<DeviceId>(author),
  hash: id<RecordHash>(`hash ${++made}`),
  time: { ms: made, count: 0 },
  epoch: id<EpochId>('founding')
});
const invite = (): InviteId => id(`invite ${++made}`);

const add = (by: string, device: string, personName = device): Statement => ({
  ...stated(by),
  type: 'add-person',
  invite: invite(),
  person: id(device),
  personName,
  device: introduced(device)
});
const addDevice = (by: string, device: string): Statement => ({
  ...stated(by),
  type: 'add-device',
  invite: invite(),
  label: 'laptop',
  device: introduced(device)
});
const vouch = (by: string, person: string, device = 'new phone'): Statement => ({
  ...stated(by),
  type: 'rebind',
  person: id(person),
  invite: invite(),
  device: introduced(device)
});
const leave = (by: string): Statement => ({ ...stated(by), type: 'leave', words: 'stay' });

/** Sofie began it, and let Ana, Bo, Mia and Jo in: four others say whether somebody is the fifth. */
const five: readonly Statement[] = [
  {
    ...stated('sofie'),
    type: 'genesis',
    circleName: 'Us',
    person: id('sofie'),
    personName: 'Sofie',
    device: introduced('sofie')
  },
  ...['ana', 'bo', 'mia', 'jo'].map((name) => add('sofie', name, `${name.charAt(0).toUpperCase()}${name.slice(1)}`))
];
const seen = (
  more: readonly Statement[] = [],
  {
    name = 'Ana',
    viewer = 'sofie',
    first = five
  }: { name?: string; viewer?: string; first?: readonly Statement[] } = {}
): ComingBack => comingBack(reduceCircle([...first, ...more]), id(viewer), { device: id('new phone'), name });
const of = (told: ComingBack, person: string) => told.people.find((each) => each.id === id<PersonId>(person));

describe('whom they may be', () => {
  test('is anybody who is in but the one who is asked', () => {
    expect(seen().people.map(({ name }) => name)).toEqual(['Ana', 'Bo', 'Mia', 'Jo']);
    expect(seen([leave('mia')], { viewer: 'bo' }).people.map(({ name }) => name)).toEqual(['Sofie', 'Ana', 'Jo']);
  });

  test.each(['Ana', 'ana', ' ANA '])('is most likely whoever goes by that name: %j', (name) => {
    expect(seen([], { name }).likely).toBe('ana');
  });

  test('is anybody’s guess where nobody has the name, where two do, or where it is one’s own', () => {
    expect(seen([], { name: 'Anna' }).likely).toBeNull();
    expect(seen([add('bo', 'other ana', 'ana')]).likely).toBeNull();
    expect(seen([], { name: 'Sofie' }).likely).toBeNull();
  });
});

describe('what it takes', () => {
  test('is more than half of the others, oneself among them', () => {
    expect(of(seen(), 'ana')).toMatchObject({ vouchedBy: null, missing: 3 });
    expect(of(seen([vouch('bo', 'ana')]), 'ana')).toMatchObject({
      vouchedBy: { you: false, names: ['Bo'] },
      missing: 2
    });
    expect(of(seen([vouch('bo', 'ana'), vouch('mia', 'ana')]), 'ana')).toMatchObject({ missing: 1 });
  });

  test('is one word where there are two', () => {
    expect(of(seen([], { first: five.slice(0, 2) }), 'ana')?.missing).toBe(1);
  });

  test('counts nobody who took them for somebody else, or vouched for another device', () => {
    const told = seen([vouch('bo', 'jo'), vouch('mia', 'ana', 'another phone')]);
    expect(of(told, 'ana')).toMatchObject({ vouchedBy: null, missing: 3 });
    expect(of(told, 'jo')).toMatchObject({ vouchedBy: { you: false, names: ['Bo'] }, missing: 2 });
  });
});

describe('whether one has said so', () => {
  test('is known by one’s own word, and by nobody else’s', () => {
    expect(seen([vouch('bo', 'ana')]).vouchedAs).toBeNull();
    const told = seen([vouch('bo', 'ana'), vouch('sofie', 'ana')]);
    expect(told.vouchedAs).toBe('ana');
    expect(of(told, 'ana')).toMatchObject({ vouchedBy: { you: true, names: ['Bo'] }, missing: 1 });
  });

  test('is not asked again on another device of one’s own', () => {
    expect(seen([addDevice('sofie', 'laptop'), vouch('sofie', 'ana')], { viewer: 'laptop' }).vouchedAs).toBe('ana');
  });

  test('is said once for a device, whoever it was taken for, and though they have left since', () => {
    expect(seen([vouch('sofie', 'ana'), leave('ana')]).vouchedAs).toBe('ana');
    expect(seen([vouch('sofie', 'ana', 'another phone')]).vouchedAs).toBeNull();
  });
});
