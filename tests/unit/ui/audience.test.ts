/** Who sees it, said before it is said. */
import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../../src/lib/base/ids.ts';
import { wholeCircle, type Audience, type Friend } from '../../../src/lib/care/audience.ts';
import { presentAudience } from '../../../src/lib/ui/chosen-audience.ts';
import { toggleFriend } from '../../../src/lib/ui/pressed-friend.ts';
import { listNames } from '../../../src/lib/ui/names.ts';
import { audienceLine, onlyOneself, type NamedSentence } from '../../../src/lib/ui/audience-line.ts';
import { audienceInFull } from '../../../src/lib/ui/audience-words.ts';

const friends: readonly Friend[] = ['Ana', 'Jo', 'Mia', 'Sam'].map((name) => ({ person: name as PersonId, name }));
const people = (...names: string[]): Audience => ({ type: 'people', people: names as PersonId[] });
const told = ({ write, names }: NamedSentence): string => write(listNames(names));
const table = (count: number) => ({ circle: 'Table', friends: friends.slice(0, count) });
const own = { circle: null, friends: [] };

test('in one line, with how long it stays', () => {
  expect(told(audienceLine(wholeCircle, 'next', table(1)))).toBe('Ana sees this, until your next one.');
  expect(told(audienceLine(wholeCircle, 'day', table(2)))).toBe('Ana and Jo see this, for a day.');
  expect(told(audienceLine(wholeCircle, 'week', table(4)))).toBe('Everyone in Table sees this, for a week.');
  expect(told(audienceLine(people('Jo', 'Sam'), 'kept', table(4)))).toBe('Jo and Sam see this, and it is kept.');
  expect(told(audienceLine({ type: 'self' }, 'next', table(4)))).toBe('Only you see this, until your next one.');
  expect(told(audienceLine(wholeCircle, 'next', own))).toBe('Only you see this, until your next one.');
  expect(told(audienceLine(wholeCircle, 'next', table(0)))).toContain('Nobody else is in Table yet.');
});

test('in full, as it was agreed', () => {
  expect(told(onlyOneself)).toBe('Only you see this. It stays on this phone.');
  expect(told(audienceInFull(wholeCircle, own))).toBe('Only you see this. It stays on this phone.');
  expect(told(audienceInFull(people('Ana'), table(4)))).toBe('Ana sees this. Nobody else can open it.');
  expect(told(audienceInFull(wholeCircle, table(2)))).toBe('Ana and Jo see this. Nobody else can open it.');
  expect(told(audienceInFull(wholeCircle, table(0)))).toContain('Nobody else is in Table yet.');
});

describe('choosing friends', () => {
  test('begins with one, goes on in their order, and never ends with nobody', () => {
    const jo = toggleFriend(wholeCircle, 'Jo' as PersonId, friends);
    expect(jo).toEqual(people('Jo'));
    expect(toggleFriend(people('Jo'), 'Ana' as PersonId, friends)).toEqual(people('Ana', 'Jo'));
    expect(toggleFriend(people('Ana', 'Jo'), 'Ana' as PersonId, friends)).toEqual(people('Jo'));
    expect(toggleFriend(people('Jo'), 'Jo' as PersonId, friends)).toBeNull();
    expect(toggleFriend({ type: 'self' }, 'Mia' as PersonId, friends)).toEqual(people('Mia'));
  });

  test('those who left fall out; where nobody is left it is only oneself', () => {
    expect(presentAudience(people('Ana', 'Ida'), friends)).toEqual({ audience: people('Ana'), left: 'some' });
    expect(presentAudience(people('Ida'), friends)).toEqual({ audience: { type: 'self' }, left: 'all' });
    expect(presentAudience(people('Ana'), friends)).toEqual({ audience: people('Ana'), left: 'nobody' });
    expect(presentAudience(wholeCircle, [])).toEqual({ audience: wholeCircle, left: 'nobody' });
  });
});
