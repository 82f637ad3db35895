/**
 * What was made of a circle's statements, kept until one is added. What makes it loads with the first circle that has any: whoever
 * says how they are for the first time is in none.
 */
import type { CircleState } from '../circle/epochs.ts';
import type { Roster } from '../circle/roster.ts';
import type { LocalCircle } from './circles.ts';
import type { EnvelopeRow } from './database.ts';

/** What was made before. The same statements make the same, and making it costs a signature a person. */
export class Rosters {
  readonly #made = new Map<number, { readonly statements: string; readonly state: Promise<CircleState> }>();

  /** As `stateOfRows`. */
  stateOfRows(circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<CircleState> {
    // What was waited for in vain, and what was handed on since, makes another state of the same statements.
    const { keyless, current } = circle.keyring;
    const statements = [...rows.map(({ hash }) => hash), ...keyless, current.epoch].join();
    const made = this.#made.get(circle.n);
    if (made?.statements === statements) return made.state;
    const opening = makeState(circle, rows);
    const state = opening.then((made) => made.state);
    const making = { statements, state };
    this.#made.set(circle.n, making);
    // Rows that were read just before the circle moved on may not open any more. What lacks them is no answer for next time.
    const forget = (): void => {
      if (this.#made.get(circle.n) === making) this.#made.delete(circle.n);
    };
    opening.then(({ isWhole }) => {
      if (!isWhole) forget();
    }, forget);
    return state;
  }

  /** As `rosterOfRows`. */
  async ofRows(circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<Roster> {
    return (await this.stateOfRows(circle, rows)).roster;
  }
}

const makeState = async (
  circle: LocalCircle,
  rows: readonly EnvelopeRow[]
): Promise<{ readonly state: CircleState; readonly isWhole: boolean }> => {
  const { stateOfStatements, tryStatements } = await import('./rosters.ts');
  const { statements, isWhole } = await tryStatements(circle, rows);
  return { state: stateOfStatements(circle, statements), isWhole };
};
