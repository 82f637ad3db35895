/**
 * All envelopes of a circle or a device, page by page: for work that looks at everything, and for no board.
 */
import Dexie from 'dexie';
import type { DeviceId } from '../base/ids.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';

/** How many live records of a device are held. */
export const liveCountOf = (database: ShoulderDatabase, circle: number, device: DeviceId): Promise<number> =>
  database.envelopes.where('[circle+device+seq]').between([circle, device, 1], [circle, device, Dexie.maxKey]).count();

/** A device's live records in the order of their numbers, in pages. */
export async function* pagesOfDevice(
  database: ShoulderDatabase,
  circle: number,
  device: DeviceId,
  pageRows = 200
): AsyncGenerator<EnvelopeRow[]> {
  for (let after = 0; ;) {
    const page = await database.envelopes
      .where('[circle+device+seq]')
      .between([circle, device, after], [circle, device, Dexie.maxKey], false)
      .limit(pageRows)
      .toArray();
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) return;
    after = last.seq;
  }
}

/** Every row of a circle, in pages, so that ten years do not stand in memory at once. */
export async function* pagesOfCircle(
  database: ShoulderDatabase,
  circle: number,
  pageRows = 1000
): AsyncGenerator<EnvelopeRow[]> {
  let after: unknown = Dexie.minKey;
  for (;;) {
    const page = await database.envelopes
      .where('[circle+key]')
      .between([circle, after], [circle, Dexie.maxKey], false, true)
      .limit(pageRows)
      .toArray();
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) return;
    after = last.key;
  }
}
