/**
 * One's own devices: those of one's own circle, which is where they find each other.
 */
import { outReason, shownPeople, type ShownDevice } from '../../care/people.ts';
import { kinds } from '../../records/kinds.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { CircleRow, EnvelopeRow } from '../../store/database.ts';
import { newestRow, statementRows } from '../../store/envelopes.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

export interface DevicesState {
  /** `null` where nothing was ever said for oneself on this device, so that there is none yet. */
  readonly circle: LocalCircle | null;
  /** This one among them, unless it is out. */
  readonly devices: readonly ShownDevice[];
  /** Whether another of one's own took this one off. */
  readonly isOut: boolean;
}

interface CircleRows {
  readonly row: CircleRow;
  readonly statements: readonly EnvelopeRow[];
}

export class DevicesView {
  readonly #live: Live<CircleRows[], DevicesState>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      async () => {
        const rows = await app.database.circles.toArray();
        return Promise.all(rows.map(async (row) => ({ row, statements: await statementRows(app.database, row.n) })));
      },
      async (rows) => {
        const read = (await Promise.all(rows.map((each) => readOwn(app, each)))).flat();
        return read.toSorted(byUse)[0] ?? { circle: null, devices: [], isOut: false };
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

/** A device that was added to another's had a circle of its own before: the one that counts is the one that it is in, with others. */
const byUse = (a: DevicesState, b: DevicesState): number =>
  Number(a.isOut) - Number(b.isOut) || b.devices.length - a.devices.length;

const readOwn = async (app: Shoulder, { row, statements }: CircleRows): Promise<DevicesState[]> => {
  const circle = await app.circles.open(row);
  if (!circle.keyring.own) return [];
  const state = await app.rosters.stateOfRows(circle, statements);
  const ownDevice = circle.keyring.device.id;
  const you = shownPeople({ state, ownDevice, muted: [], compared: {} }).find(({ isYou }) => isYou);
  return [{ circle, devices: you?.devices ?? [], isOut: outReason(state.roster, ownDevice) !== null }];
};
