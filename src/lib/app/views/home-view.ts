/**
 * Where the app opens: at the circle that was looked at last.
 */
import type { CircleRow, SettingRow } from '../../store/database.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

const setting = 'last-circle';

interface HomeRows {
  readonly circles: readonly CircleRow[];
  readonly last: SettingRow | undefined;
}

export class HomeView {
  readonly #live: Live<HomeRows, number | null>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      async () => {
        const [circles, last] = await Promise.all([app.database.circles.toArray(), app.database.settings.get(setting)]);
        return { circles, last };
      },
      (rows) => homeOf(app, rows),
      app.onProblem
    );
  }

  /** The circle's local ordinal; `null` where there is none yet, `undefined` until read once. */
  get current(): number | null | undefined {
    return this.#live.current;
  }
}

export const rememberCircle = async (app: Shoulder, n: number): Promise<void> => {
  await app.database.settings.put({ id: setting, value: n });
};

/** The one looked at last, else one with others in it, else one's own. */
const homeOf = async (app: Shoulder, { circles, last }: HomeRows): Promise<number | null> => {
  const kept = circles.find(({ n }) => n === last?.value);
  if (kept !== undefined) return kept.n;
  const open = await Promise.all(circles.map((row) => app.circles.open(row)));
  return (open.find(({ keyring }) => !keyring.own) ?? open[0])?.n ?? null;
};
