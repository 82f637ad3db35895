/**
 * Which routes friends were last heard by, to the day: enough to see what works, too little to see when somebody looked.
 */
import Dexie from 'dexie';
import { dayMs } from '../base/clock.ts';
import type { DeviceId } from '../base/ids.ts';
import type { HeardRow, ShoulderDatabase } from './database.ts';

/** A connection between two devices. */
export const directRoute = 'direct';
/** A link, a file, something pasted. */
export const carriedRoute = 'carried';

/** Notes that something of these devices came in by a route; writes only what the day changes. */
export const noteHeard = async (
  database: ShoulderDatabase,
  { circle, route, nowMs }: { readonly circle: number; readonly route: string; readonly nowMs: number },
  devices: Iterable<DeviceId>
): Promise<void> => {
  const day = Math.floor(nowMs / dayMs);
  const fresh = [...new Set(devices)].map((device): HeardRow => ({ circle, device, route, day }));
  const known = await database.heard.bulkGet(
    fresh.map(({ device }): [number, DeviceId, string] => [circle, device, route])
  );
  const changed = fresh.filter((_, i) => known[i]?.day !== day);
  if (changed.length > 0) await database.heard.bulkPut(changed);
};

/** Every route that any device of a circle was heard by. */
export const heardIn = (database: ShoulderDatabase, circle: number): Promise<HeardRow[]> =>
  database.heard
    .where('[circle+device+route]')
    .between([circle, Dexie.minKey, Dexie.minKey], [circle, Dexie.maxKey, Dexie.maxKey])
    .toArray();
