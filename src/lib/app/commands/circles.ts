/**
 * Starting a circle, and one's own.
 */
import { ok, type Result } from '../../base/result.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { StorageError } from '../../store/database.ts';
import { foundCircle, type FoundingDependencies } from '../../store/founding.ts';
import type { Instance } from '../instance.ts';

/** Starts a circle with oneself in it. */
export const startCircle = async (
  app: FoundingDependencies & { instance(base: URL): Promise<Instance> },
  base: URL,
  { circleName, personName }: { readonly circleName: string; readonly personName: string }
): Promise<Result<LocalCircle, StorageError>> => {
  const { relays } = await app.instance(base);
  return foundCircle(app, { circleName, personName, own: false, relays });
};

/**
 * One's own circle; the first call makes it, also when two tabs call at once. A device that was taken along into the one of another
 * device, or started a new one, may have had an older one: the latest is it.
 */
export const ownCircle = (app: FoundingDependencies): Promise<Result<LocalCircle, StorageError>> =>
  navigator.locks.request('own-circle', async () => {
    const own = latestOwn(await app.circles.all());
    return own === undefined ? newOwnCircle(app) : ok(own);
  });

/** Starts a new one, which is the one from then on. */
export const newOwnCircle = (app: FoundingDependencies): Promise<Result<LocalCircle, StorageError>> =>
  foundCircle(app, { circleName: '', personName: '', own: true, relays: [] });

/** Of several own circles the one that counts. */
export const latestOwn = (circles: readonly LocalCircle[]): LocalCircle | undefined =>
  circles.filter(({ keyring }) => keyring.own).toSorted((a, b) => b.n - a.n)[0];
