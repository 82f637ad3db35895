/**
 * The requests this person is waiting on, and how they stand.
 */
import { idToBytes, type InviteId } from '../../base/ids.ts';
import { sixWordsOf } from '../../circle/six-words.ts';
import type { JoinAs } from '../../circle/transcript.ts';
import type { JoiningRow } from '../../store/database.ts';
import { openJoining } from '../../store/joinings.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

export interface JoiningState {
  readonly id: InviteId;
  readonly state: JoiningRow['state'];
  readonly words: readonly string[];
  /** As whose device it asks; `null`: as somebody new. */
  readonly as: JoinAs | null;
  /** Whether the question waits on a relay, by its word. */
  readonly left: boolean;
  /** The circle's local ordinal, once in. */
  readonly circle: number | null;
}

export class JoiningsView {
  readonly #live: Live<JoiningRow[], JoiningState[]>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      () => app.database.joinings.toArray(),
      (rows) => Promise.all(rows.map((row) => readJoining(app, row))),
      app.onProblem
    );
  }

  /** `undefined` until read once. */
  get current(): readonly JoiningState[] | undefined {
    return this.#live.current;
  }
}

const readJoining = async (app: Shoulder, row: JoiningRow): Promise<JoiningState> => {
  const { ask } = await openJoining(app.vault, row);
  const words = await sixWordsOf(idToBytes(ask.id));
  const as = ask.terms.as ?? null;
  return { id: row.id, state: row.state, words, as, left: row.left === true, circle: row.circle ?? null };
};
