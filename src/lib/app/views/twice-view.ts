/**
 * Circles that a person is in as two people, by two devices that were in them before they became one's own: what the devices say to each
 * other in the own circle tells.
 */
import { isInTwice } from '../../care/people.ts';
import type { EnvelopeRow } from '../../store/database.ts';
import { statementRows } from '../../store/held-rows.ts';
import { openPairings, queryPairings } from '../../store/pairings.ts';
import { latestOwn } from '../commands/circles.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

interface TwiceRows {
  readonly statements: ReadonlyMap<number, readonly EnvelopeRow[]>;
  readonly pairings: ReadonlyMap<number, readonly EnvelopeRow[]>;
}

export class TwiceView {
  readonly #live: Live<TwiceRows, readonly string[]>;

  constructor(app: Shoulder) {
    this.#live = new Live(
      async () => {
        const circles = await app.database.circles.toArray();
        const of = async <T>(read: (n: number) => Promise<T>): Promise<ReadonlyMap<number, T>> =>
          new Map(await Promise.all(circles.map(async ({ n }) => [n, await read(n)] as const)));
        return {
          statements: await of((n) => statementRows(app.database, n)),
          pairings: await of((n) => queryPairings(app.database, n))
        };
      },
      (rows) => readTwice(app, rows),
      app.onProblem
    );
  }

  /** Their names, in the order they came; `undefined` until it has been read once. */
  get current(): readonly string[] | undefined {
    return this.#live.current;
  }
}

const readTwice = async (app: Shoulder, { statements, pairings }: TwiceRows): Promise<string[]> => {
  const circles = (await app.circles.all()).filter(({ n }) => statements.has(n));
  const own = latestOwn(circles);
  if (own === undefined) return [];
  const { roster: mine } = await app.rosters.stateOfRows(own, statements.get(own.n) ?? []);
  const { memberships } = await openPairings(own, mine, pairings.get(own.n) ?? []);
  const names: string[] = [];
  for (const circle of circles.filter(({ keyring }) => !keyring.own)) {
    const { keyring, n } = circle;
    const others = memberships.filter((each) => each.circle === keyring.circle).map(({ device }) => device);
    const { roster } = await app.rosters.stateOfRows(circle, statements.get(n) ?? []);
    if (isInTwice(roster, keyring.device.id, others)) names.push(roster.circleName);
  }
  return names;
};
