/**
 * A check-in that is only one's own so far and that a circle, newly joined, might get to see: offered once.
 */
import type { CheckIn } from '../../care/check-in.ts';
import { bodyToCheckIn } from '../../care/heard-check-in.ts';
import { readCheckInBody } from '../../records/bodies.ts';
import { kinds } from '../../records/kinds.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { EnvelopeRow } from '../../store/database.ts';
import { keptToMyselfId } from '../../store/kept-to-myself.ts';
import { newestRow } from '../../store/newest-rows.ts';
import { openRow } from '../../store/opened-row.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

interface FirstRows {
  readonly own: LocalCircle;
  readonly row: EnvelopeRow;
}

export class FirstCheckInView {
  readonly #app: Shoulder;
  readonly #setting: string;
  readonly #live: Live<FirstRows | null, CheckIn | null>;

  constructor(app: Shoulder, circle: LocalCircle) {
    this.#app = app;
    this.#setting = keptToMyselfId(circle.n);
    this.#live = new Live(
      () => this.#query(circle),
      async (rows) => (rows === null ? null : readFirst(rows)),
      app.onProblem
    );
  }

  /** `null` where there is nothing to offer: already said here, declined, or nothing said yet. */
  get current(): CheckIn | null | undefined {
    return this.#live.current;
  }

  /** "Not now": not offered in this circle again. */
  async keepToMyself(): Promise<void> {
    await this.#app.database.settings.put({ id: this.#setting, value: true });
  }

  async #query(circle: LocalCircle): Promise<FirstRows | null> {
    if (circle.keyring.own) return null;
    const { database, circles } = this.#app;
    if ((await database.settings.get(this.#setting)) !== undefined) return null;
    const row = await database.circles.get(circle.n);
    const opened = await Promise.resolve(circles.all());
    const own = opened.find(({ keyring }) => keyring.own);
    const saidHere = await newestRow(database, circle.n, kinds.checkIn, circle.keyring.device.id);
    const takenBack = await newestRow(database, circle.n, kinds.gone, circle.keyring.device.id);
    if (row === undefined || own === undefined || saidHere !== undefined || takenBack !== undefined) return null;
    const first = await newestRow(database, own.n, kinds.checkIn, own.keyring.device.id);
    return first === undefined ? null : { own, row: first };
  }
}

const readFirst = async ({ own, row }: FirstRows): Promise<CheckIn | null> => {
  const record = await openRow(own, row);
  const body = record.ok ? readCheckInBody(record.value.payload.body) : undefined;
  return body === undefined ? null : bodyToCheckIn(body);
};
