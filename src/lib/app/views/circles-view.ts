/**
 * The circles on this device, by name: what the navigation shows.
 */
import type { LocalCircle } from '../../store/circles.ts';
import type { CircleRow, EnvelopeRow } from '../../store/database.ts';
import { statementRows } from '../../store/held-rows.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

export interface NamedCircle {
  readonly circle: LocalCircle;
  readonly name: string;
  /** What this person is called there. */
  readonly personName: string;
}

interface CircleRows {
  readonly row: CircleRow;
  readonly statements: readonly EnvelopeRow[];
}

export class CirclesView {
  readonly #live: Live<CircleRows[], NamedCircle[]>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      async () => {
        const rows = await app.database.circles.toArray();
        return Promise.all(rows.map(async (row) => ({ row, statements: await statementRows(app.database, row.n) })));
      },
      (rows) => Promise.all(rows.map((each) => readCircle(app, each))),
      app.onProblem
    );
  }

  /** In the order they came to this device; `undefined` until read once. */
  get current(): readonly NamedCircle[] | undefined {
    return this.#live.current;
  }
}

const readCircle = async (app: Shoulder, { row, statements }: CircleRows): Promise<NamedCircle> => {
  const circle = await app.circles.open(row);
  const roster = await app.rosters.ofRows(circle, statements);
  const person = roster.devicesById.get(circle.keyring.device.id)?.person;
  const personName = roster.people.find(({ id }) => id === person)?.name ?? '';
  return { circle, name: roster.circleName, personName };
};
