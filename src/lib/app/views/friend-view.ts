/**
 * One person's card, opened: as it is on this device now.
 */
import type { About } from '../../care/answers.ts';
import { makeFriendPage, type FriendPage } from '../../care/friend-page.ts';
import { aboutKey } from '../../records/answer-bodies.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';
import { notesOf, type HeardState, type SecondPerson, type SideNotes } from '../side-notes.ts';
import { friendReach, queryFacts, readFacts, type FactRows } from './circle-facts.ts';

export interface FriendState {
  readonly page: FriendPage;
  /** Which words of a "me too" were opened or put off here, by the text of what they name. */
  readonly heard: SideNotes['heard'];
  /** Whom to ask instead, by the text of what names the reach-out. */
  readonly seconds: ReadonlyMap<string, SecondPerson>;
}

export class FriendView {
  readonly #live: Live<FactRows, FriendState | null>;

  /** `ordinal`: the person's place on the roster, from 1, as the address has it. */
  constructor(app: Shoulder, circle: LocalCircle, ordinal: number) {
    this.#live = new Live(
      () => queryFacts(app, circle, friendReach),
      async (rows) => {
        const { notes, ...facts } = await readFacts(app, circle, rows);
        const person = facts.roster.people[ordinal - 1];
        const page = person === undefined ? undefined : makeFriendPage(person.id, facts);
        return page === undefined
          ? null
          : { page, heard: notes.heard, seconds: new Map(Object.entries(notes.seconds)) };
      },
      app.onProblem
    );
  }

  /** `null` where nobody stands at that place, `undefined` until it has been read once. */
  get current(): FriendState | null | undefined {
    return this.#live.current;
  }
}

/** Notes what is on somebody's opened card, so that the board says "A letter for you" only of what is not. */
export const rememberSeen = (app: Shoulder, circle: LocalCircle, { person, between }: FriendPage): Promise<void> => {
  const ids = between.flatMap(({ own, about }) => (own ? [] : [about.id]));
  return notesOf(app, circle).update((notes) => ({ ...notes, seen: { ...notes.seen, [person]: ids } }));
};

/** Notes that somebody's words were opened, or put off. */
export const rememberHeard = (app: Shoulder, circle: LocalCircle, about: About, state: HeardState): Promise<void> =>
  notesOf(app, circle).update((notes) => ({ ...notes, heard: { ...notes.heard, [aboutKey(about)]: state } }));
