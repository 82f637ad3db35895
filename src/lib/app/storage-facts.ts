/**
 * What this browser keeps for Shoulder, how much, and whether it promised to go on keeping it.
 */
import { replicaBytes } from '../sync/replica-bytes.ts';
import { circleBytes, restoredBytes } from '../store/kept-bytes.ts';
import { readRoster } from '../store/rosters.ts';
import type { Shoulder } from './shoulder.ts';
import { keepingNow, type Keeping } from './storage-persistence.ts';

export type { Keeping } from './storage-persistence.ts';

export interface StorageFacts {
  /** One's own first. */
  readonly circles: readonly { readonly own: boolean; readonly name: string; readonly bytes: number }[];
  /** What came back from backups; 0 where there is none. */
  readonly restored: number;
  /** The copies that travel between phones. */
  readonly replicas: number;
  /** The app's own files. */
  readonly files: number;
  /** All of it, as the browser counts; `null` where it does not say. */
  readonly all: number | null;
  readonly keeping: Keeping;
}

/** Bytes throughout. Opens no word and no circle's replica. Throws what the disk throws. */
export const storageFacts = async (app: Pick<Shoulder, 'database' | 'circles'>): Promise<StorageFacts> => {
  const circles = await Promise.all(
    (await app.circles.all()).map(async (circle) => ({
      own: circle.keyring.own,
      name: (await readRoster(app.database, circle)).circleName,
      bytes: await circleBytes(app.database, circle.n)
    }))
  );
  const [restored, replicas, files, estimate, keeping] = await Promise.all([
    restoredBytes(app.database),
    replicaBytes('shoulder-replicas'),
    fileBytes(),
    navigator.storage.estimate(),
    keepingNow()
  ]);
  return {
    circles: [...circles.filter(({ own }) => own), ...circles.filter(({ own }) => !own)],
    ...{ restored, replicas, files, keeping },
    all: estimate.usage ?? null
  };
};

/** The shell, as the service worker keeps it. */
const fileBytes = async (): Promise<number> => {
  let total = 0;
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) total += (await (await cache.match(request))?.blob())?.size ?? 0;
  }
  return total;
};
