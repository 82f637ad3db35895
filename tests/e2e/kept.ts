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
  readStore<KeptEnvelope>(page, 'envelopes').then((rows) =>
    rows.map(({ kind, device, key, ver }) => ({ kind, device, key, ver }))
  );

/** How many envelopes of one kind. */
export const countKept = async (page: Page, kind: number): Promise<number> =>
  (await keptEnvelopes(page)).filter((row) => row.kind === kind).length;

/** How many envelopes of one kind a relay has confirmed to this phone; each counts once for each relay. */
export const countLeft = async (page: Page, kind: number): Promise<number> => {
  const envelopes = await readStore<KeptEnvelope & { circle: number }>(page, 'envelopes');
  const mail = await readStore<{ circle: number; key: string; due: number }>(page, 'mail');
  const ofKind = new Set(envelopes.flatMap((row) => (row.kind === kind ? [`${row.circle} ${row.key}`] : [])));
  return mail.filter(({ circle, key, due }) => due === 0 && ofKind.has(`${circle} ${key}`)).length;
};

/** How many sealed bytes a draft has on disk; 0 where there is none. */
export const draftBytes = async (page: Page, id: string): Promise<number> =>
  (await readStore<{ id: string; sealedBytes: number }>(page, 'drafts')).find((row) => row.id === id)?.sealedBytes ?? 0;

/** The ids of the circles on this phone. */
export const circleIds = async (page: Page): Promise<string[]> =>
  (await readStore<{ id: string }>(page, 'circles')).map(({ id }) => id);

/** All rows of one store, with byte fields left out but for how long `sealed` is. */
const readStore = <Row>(page: Page, store: string): Promise<Row[]> =>
  page.evaluate(async (store) => {
    const opening = indexedDB.open('shoulder');
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error(opening.error?.message));
    });
    try {
      const reading = database.transaction(store).objectStore(store).getAll();
      const rows = await new Promise<Record<string, unknown>[]>((resolve, reject) => {
        reading.onsuccess = () => resolve(reading.result as Record<string, unknown>[]);
        reading.onerror = () => reject(new Error(reading.error?.message));
      });
      return rows.map((row) => ({
        ...Object.fromEntries(Object.entries(row).filter(([, value]) => !(value instanceof Uint8Array))),
        sealedBytes: row.sealed instanceof Uint8Array ? row.sealed.length : 0
      }));
    } finally {
      database.close();
    }
  }, store) as Promise<Row[]>;
