/**
 * Starting a circle, and one's own.
 */
import { ok, type Result } from '../../base/result.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { StorageError } from '../../store/database.ts';
import { foundCircle, type FoundingDependencies } from '../../store/founding.ts';
import type { Shoulder } from '../shoulder.ts';

/** Starts a circle with oneself in it. */
export const startCircle = async (
  app: Shoulder,
  base: URL,
  { circleName, personName }: { readonly circleName: string; readonly personName: string }
): Promise<Result<LocalCircle, StorageError>> => {
  const { relays } = await app.instance(base);
  return foundCircle(app, { circleName, personName, own: false, relays });
};

/** One's own circle; the first call makes it, also when two tabs call at once. */
export const ownCircle = (app: FoundingDependencies): Promise<Result<LocalCircle, StorageError>> =>
  navigator.locks.request('own-circle', async () => {
    const own = (await app.circles.all()).find(({ keyring }) => keyring.own);
    return own === undefined ? foundCircle(app, { circleName: '', personName: '', own: true, relays: [] }) : ok(own);
  });
