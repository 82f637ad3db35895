/**
 * Letting go of what has faded, in all circles of this device (docs/protocol.md FA).
 */
import type { Clock } from '../base/clock.ts';
import type { Author } from './author.ts';
import type { Circles } from './circles.ts';
import { sweepContentKeys } from './content-keys.ts';
import type { ShoulderDatabase } from './database.ts';
import { sweepFaded } from './fading.ts';
import { forgetMailOf } from './mail.ts';
import { readCarried } from './rosters.ts';

export interface SweepDependencies {
  readonly database: ShoulderDatabase;
  readonly circles: Circles;
  readonly author: Author;
  readonly clock: Clock;
}

/** What has faded goes, with what was noted of it, and the ledgers of whoever said it here say so. Throws what the disk refuses. */
export const sweep = async ({ database, circles, author, clock }: SweepDependencies): Promise<void> => {
  const faded = await sweepFaded(database, clock.nowMs());
  await sweepContentKeys(database);
  await forgetMailOf(database, faded);
  for (const n of new Set(faded.map(({ circle }) => circle))) {
    const circle = await circles.byNumber(n);
    const mine = faded.some(({ circle: of, device }) => of === n && device === circle?.keyring.device.id);
    if (circle === undefined || !mine) continue;
    // With one device there is nobody in one's own circle who would go by its ledger.
    if (circle.keyring.own && ((await database.circles.get(n))?.devices ?? 1) < 2) continue;
    await author.renewLedger(circle, { force: true, isCarried: await readCarried(database, circle) });
  }
};
