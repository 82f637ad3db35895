/**
 * One's own devices: those of one's own circle, which is where they find each other, by the names they were given there.
 */
import { outReason, shownPeople, type ShownDevice } from '../../care/people.ts';
import { kinds } from '../../records/kinds.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { CircleRow, EnvelopeRow } from '../../store/database.ts';
import { statementRows } from '../../store/held-rows.ts';
import { newestRow } from '../../store/newest-rows.ts';
import { openPairings, queryPairings } from '../../store/pairings.ts';
import { latestOwn } from '../commands/circles.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

export interface DevicesState {
  /** This one among them, unless it is out; none as long as nothing was ever said for oneself on this device. */
  readonly devices: readonly ShownDevice[];
  /** Whether another of one's own took this one off. */
  readonly isOut: boolean;
}

interface CircleRows {
  readonly row: CircleRow;
  readonly statements: readonly EnvelopeRow[];
  readonly pairings: readonly EnvelopeRow[];
}

export class DevicesView {
  readonly #live: Live<CircleRows[], DevicesState>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      async () => {
        const rows = await app.database.circles.toArray();
        return Promise.all(
          rows.map(async (row) => {
            const [statements, pairings] = await Promise.all([
              statementRows(app.database, row.n),
              queryPairings(app.database, row.n)
            ]);
            return { row, statements, pairings };
          })
        );
      },
      async (rows) => {
        const circles = await Promise.all(rows.map(({ row }) => app.circles.open(row)));
        const circle = latestOwn(circles);
        const own = rows.find(({ row }) => row.n === circle?.n);
        return circle === undefined || own === undefined ? { devices: [], isOut: false } : readOwn(app, circle, own);
      },
      app.onProblem
    );
  }

  /** `undefined` until it has been read once. */
  get current(): DevicesState | undefined {
    return this.#live.current;
  }
}

/** Whether there is something on this device that is not on another: a circle, or words of one's own. */
export const keepsSomething = async ({ database, circles }: Shoulder): Promise<boolean> => {
  for (const { n, keyring } of await circles.all()) {
    if (!keyring.own || (await newestRow(database, n, kinds.checkIn, keyring.device.id)) !== undefined) return true;
  }
  return false;
};

const readOwn = async (
  app: Shoulder,
  circle: LocalCircle,
  { statements, pairings }: CircleRows
): Promise<DevicesState> => {
  const state = await app.rosters.stateOfRows(circle, statements);
  const ownDevice = circle.keyring.device.id;
  const you = shownPeople({ state, ownDevice, muted: [], compared: {} }).find(({ isYou }) => isYou);
  const { labels } = await openPairings(circle, state.roster, pairings);
  return {
    devices: (you?.devices ?? []).map((device) => ({ ...device, label: labels.get(device.id) || device.label })),
    isOut: outReason(state.roster, ownDevice) !== null
  };
};
