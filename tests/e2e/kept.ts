/** What a phone keeps, looked up in its own database behind the app's back. */
import type { Page } from '@playwright/test';

/** One row as it lies in the store `envelopes`. */
export interface KeptEnvelope {
  readonly kind: number;
  readonly device: string;
  readonly key: string;
  readonly ver: number;
}

/** Every envelope that this phone keeps, without its bytes. */
export const keptEnvelopes = (page: Page): Promise<KeptEnvelope[]> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('shoulder');
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error(opening.error?.message));
    });
    try {
      const reading = database.transaction('envelopes').objectStore('envelopes').getAll();
      const rows = await new Promise<KeptEnvelope[]>((resolve, reject) => {
        reading.onsuccess = () => resolve(reading.result as KeptEnvelope[]);
        reading.onerror = () => reject(new Error(reading.error?.message));
      });
      return rows.map(({ kind, device, key, ver }) => ({ kind, device, key, ver }));
    } finally {
      database.close();
    }
  });

/** How many envelopes of one kind. */
export const countKept = async (page: Page, kind: number): Promise<number> =>
  (await keptEnvelopes(page)).filter((row) => row.kind === kind).length;
