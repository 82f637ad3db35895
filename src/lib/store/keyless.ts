/**
 * Noting that an epoch was waited for in vain (docs/protocol.md EP16).
 */
import { equalBytes } from '../base/bytes.ts';
import type { EpochId } from '../base/ids.ts';
import { keylessMax } from '../base/limits.ts';
import { sayLock } from './author.ts';
import type { LocalCircle } from './circles.ts';
import type { EpochMoveDependencies } from './epoch-move.ts';

/** In the circle's keyring, since nobody else need know. What another tab changed meanwhile stays, and this is noted another time. */
export const noteKeyless = (
  { database, circles, exclusively }: Pick<EpochMoveDependencies, 'database' | 'circles' | 'exclusively'>,
  circle: LocalCircle,
  epoch: EpochId
): Promise<void> =>
  exclusively(sayLock(database), async () => {
    const row = await database.circles.get(circle.n);
    if (row === undefined) return;
    const keyring = await circles.unwrap(row);
    const keyless = [epoch, ...(keyring.keyless ?? []).filter((each) => each !== epoch)].slice(0, keylessMax);
    const sealed = await circles.wrap(row.id, { ...keyring, keyless });
    await database.transaction('rw', database.circles, async () => {
      const now = await database.circles.get(circle.n);
      if (now !== undefined && equalBytes(now.sealed, row.sealed)) await database.circles.update(circle.n, { sealed });
    });
    await circle.refresh();
  });
