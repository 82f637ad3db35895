/**
 * How much there is of each circle on this disk, in sealed bytes: read by pages, and nothing is opened.
 */
import type { ShoulderDatabase } from './database.ts';
import { pagesOfCircle } from './envelope-pages.ts';

/** The sealed bytes of a circle's envelopes. What has faded is empty, and so counts for nothing. */
export const circleBytes = async (database: ShoulderDatabase, circle: number): Promise<number> => {
  let total = 0;
  for await (const page of pagesOfCircle(database, circle)) for (const { bytes } of page) total += bytes.length;
  return total;
};

/** The sealed bytes of what backups brought back. */
export const restoredBytes = async (database: ShoulderDatabase): Promise<number> => {
  let total = 0;
  await database.restored.each(({ sealed }) => void (total += sealed.length));
  return total;
};
