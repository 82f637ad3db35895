/** Pressing a friend on and off in the audience. */
import type { PersonId } from '../base/ids.ts';
import type { Audience, Friend } from '../care/audience.ts';

/** The audience after a friend was pressed, in the friends' order; `null` where nobody at all would be left. */
export const toggleFriend = (audience: Audience, person: PersonId, friends: readonly Friend[]): Audience | null => {
  const before: ReadonlySet<PersonId> = new Set(audience.type === 'people' ? audience.people : []);
  const people = friends
    .map((friend) => friend.person)
    .filter((friend) => (friend === person ? !before.has(friend) : before.has(friend)));
  return people.length === 0 ? null : { type: 'people', people };
};
