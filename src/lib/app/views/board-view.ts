/**
 * The board of one circle as it is on this device now: cards, who is here, and what is mine to change.
 */
import type { PersonId } from '../../base/ids.ts';
import { makeBoard, type Board } from '../../care/board.ts';
import type { Friend } from '../../care/audience.ts';
import type { OutReason } from '../../care/people.ts';
import { currentPeople, isIn, personOfDevice } from '../../circle/roster.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { PresenceRow } from '../../store/database.ts';
import { relayHealthOf } from '../../store/kept-mail.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';
import type { SideNotes } from '../side-notes.ts';
import { boardReach, queryFacts, readFacts, type FactRows } from './circle-facts.ts';

export interface BoardState extends Board {
  readonly circleName: string;
  readonly own: boolean;
  /** Why this device is out of the circle, where there is nothing more to say; `null` while it is in. */
  readonly out: OutReason | null;
  /** Oneself, once one is on the roster. */
  readonly you: PersonId | undefined;
  /** Everyone else who is in, in roster order. */
  readonly friends: readonly Friend[];
  /** Each person's place on the roster, from 1: what stands in the address of their card. */
  readonly ordinals: ReadonlyMap<PersonId, number>;
  /** Whom to ask next if a friend does not answer, as noted on this device. */
  readonly seconds: SideNotes['seconds'];
  /** Friends who are connected now, by name in roster order. */
  readonly connected: readonly string[];
  /** Whether the way to find friends is open, as far as is known. */
  readonly online: boolean;
  /** Whether no relay is in use here, as far as is known. */
  readonly byHand: boolean;
}

interface BoardRows {
  readonly facts: FactRows;
  readonly presence: PresenceRow | undefined;
  readonly relays: number;
}

export class BoardView {
  readonly #app: Shoulder;
  readonly #circle: LocalCircle;
  readonly #live: Live<BoardRows, BoardState>;

  constructor(app: Shoulder, circle: LocalCircle) {
    this.#app = app;
    this.#circle = circle;
    this.#live = new Live(
      async () => {
        const [facts, presence, relays] = await Promise.all([
          queryFacts(app, circle, boardReach),
          app.database.presence.get(circle.n),
          relayHealthOf(app.database, circle.n)
        ]);
        return { facts, presence, relays: relays.length };
      },
      (rows) => this.#read(rows),
      app.onProblem
    );
  }

  /** `undefined` until it has been read from disk once. */
  get current(): BoardState | undefined {
    return this.#live.current;
  }

  async #read({ facts: rows, presence, relays }: BoardRows): Promise<BoardState> {
    const { notes, ...facts } = await readFacts(this.#app, this.#circle, rows);
    const { roster, ownDevice } = facts;
    const ownPerson = personOfDevice(roster, ownDevice);
    const here = new Set((presence?.devices ?? []).map((device) => personOfDevice(roster, device)));
    const others = currentPeople(roster).filter(({ id }) => id !== ownPerson);
    return {
      ...makeBoard(facts),
      circleName: roster.circleName,
      own: this.#circle.keyring.own,
      // What finds the reason loads only where there is one.
      out: isIn(roster, ownDevice) ? null : (await import('../../care/people.ts')).outReason(roster, ownDevice),
      you: ownPerson,
      friends: others.map(({ id, name }) => ({ person: id, name })),
      ordinals: new Map(roster.people.map(({ id }, i) => [id, i + 1])),
      seconds: notes.seconds,
      connected: others.filter(({ id }) => here.has(id)).map(({ name }) => name),
      online: presence?.online ?? true,
      byHand: relays === 0
    };
  }
}
