/**
 * Carrying while locked: what is written down for it while the app is open, and what starts it on the lock screen.
 */
import { systemClock } from '../base/clock.ts';
import { carrierOf, keepCarriers } from '../store/carriers.ts';
import type { CarrierRow } from '../store/database.ts';
import { statementRows } from '../store/held-rows.ts';
import { queryRoutes } from '../store/routes.ts';
import { watch, type Watch } from '../store/watch.ts';
import type { LockedShoulder, Shoulder } from './shoulder.ts';
import { beginTalking } from './talking.ts';

/** What this device may keep of its circles so that it can carry for them while it is locked. */
export const carriersOf = async ({
  database,
  circles
}: Pick<Shoulder, 'database' | 'circles'>): Promise<CarrierRow[]> => {
  const rows = await Promise.all((await circles.all()).map((circle) => carrierOf(database, circle)));
  return rows.filter((row) => row !== undefined);
};

/** Keeps that up to date as circles come, people come and go, and relays change. Does nothing where there is no lock. */
export const watchCarriers = (app: Shoulder): Watch => {
  const { database } = app;
  return watch(
    async () => {
      const numbers = await database.circles.toCollection().primaryKeys();
      return Promise.all(numbers.map((n) => Promise.all([statementRows(database, n), queryRoutes(database, n)])));
    },
    () => {
      carriersOf(app)
        .then((rows) => keepCarriers(database, rows))
        .catch(app.onProblem);
    },
    app.onProblem
  );
};

/** Carries for friends while the lock screen is up. Returns what ends it. */
export const beginCarrying = (
  { database }: LockedShoulder,
  base: URL,
  onProblem: (problem: unknown) => void
): (() => void) => beginTalking(() => createCarrying(database, base, onProblem), onProblem);

const createCarrying = async (
  database: LockedShoulder['database'],
  base: URL,
  onProblem: (problem: unknown) => void
) => {
  const [{ ConfiguredEngine }, { createWebCarrier }, { readInstance }] = await Promise.all([
    import('./configured-engine.ts'),
    import('../sync/web-carrier.ts'),
    import('./instance.ts')
  ]);
  return new ConfiguredEngine({
    database,
    create: (configuration) => createWebCarrier({ database, ...configuration }),
    host: base.hostname,
    askInstance: () => readInstance(base),
    clock: systemClock,
    onProblem
  });
};
