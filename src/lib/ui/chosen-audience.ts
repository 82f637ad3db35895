/** The audience while it is being chosen: who is no longer there to be chosen. */
import type { Audience, Friend } from '../care/audience.ts';

/** An audience without the friends who have left meanwhile, and whether anybody was left out. */
export interface PresentAudience {
  readonly audience: Audience;
  readonly left: 'nobody' | 'some' | 'all';
}

/**
 * The audience as far as its people are still in the circle.
 *
 * Where nobody of them is, only oneself: a choice made for one friend never turns into one for everybody.
 */
export const presentAudience = (audience: Audience, friends: readonly Friend[]): PresentAudience => {
  if (audience.type !== 'people') return { audience, left: 'nobody' };
  const people = audience.people.filter((person) => friends.some((friend) => friend.person === person));
  if (people.length === 0) return { audience: { type: 'self' }, left: 'all' };
  return people.length === audience.people.length
    ? { audience, left: 'nobody' }
    : { audience: { type: 'people', people }, left: 'some' };
};
