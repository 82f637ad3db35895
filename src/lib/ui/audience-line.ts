/**
 * Who sees what is about to be said and how long it stays: the line that is always there.
 */
import type { Audience, Friend, Lasting } from '../care/audience.ts';
import { m } from '../i18n/messages.js';

/** A sentence with names in it, as `Sentence.svelte` takes it. */
export interface NamedSentence {
  readonly write: (names: string) => string;
  readonly names: readonly string[];
}

/** Where something is said: a circle by its name with everyone else in it, or one's own, which has neither. */
export interface Saying {
  readonly circle: string | null;
  readonly friends: readonly Friend[];
}

/** The very first time there is nobody else, and nothing to choose. */
export const onlyOneself: NamedSentence = { write: () => m.audience_self(), names: [] };

/** Who sees what is about to be said and how long it stays, in one line: the whole circle by name while it is small. */
export const audienceLine = (audience: Audience, lasting: Lasting, { circle, friends }: Saying): NamedSentence => {
  const stays = { lasting: lastingLine[lasting]() };
  if (circle === null || audience.type === 'self') return { write: () => m.audience_line_self(stays), names: [] };
  const names = audienceNames(audience, friends);
  if (names.length === 0)
    return { write: (name) => m.audience_line_alone({ circle: name, ...stays }), names: [circle] };
  if (names.length === 1) return { write: (name) => m.audience_line_one({ names: name, ...stays }), names };
  return audience.type === 'circle' && names.length > lineNamesMax
    ? { write: (name) => m.audience_line_everyone({ circle: name, ...stays }), names: [circle] }
    : { write: (list) => m.audience_line({ names: list, ...stays }), names };
};

/** Everyone an audience is, by name; somebody who is no longer there is "Someone". */
export const audienceNames = (audience: Audience, friends: readonly Friend[]): readonly string[] => {
  if (audience.type !== 'people') return friends.map(({ name }) => name);
  const nameOf = new Map(friends.map(({ person, name }) => [person, name]));
  return audience.people.map((person) => nameOf.get(person) ?? m.someone());
};

/** A circle of more friends than this goes by its own name in the line above the button. */
const lineNamesMax = 3;

const lastingLine: Record<Lasting, () => string> = {
  next: m.lasting_line_next,
  day: m.lasting_line_day,
  week: m.lasting_line_week,
  kept: m.lasting_line_kept
};
