/** Everything on a phone that nobody else may learn: its keyrings, opened as the app opens them, and every id it holds. */
import type { Page } from '@playwright/test';
import { base64UrlToBytes, utf8ToBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { decodeCbor } from '../../../src/lib/records/codec.ts';

/** Secrets and ids by what they are, 16 bytes and more each. */
export const secretsOf = async (page: Page, name: string): Promise<ReadonlyMap<string, Bytes>> => {
  const { keyrings, ids } = await readSecrets(page);
  const found = new Map<string, Bytes>();
  for (const [n, { bytes: keyring }] of keyrings.entries()) {
    for (const [field, bytes] of bytesIn(decodeCbor(Uint8Array.from(keyring)), '')) {
      found.set(`${name}: keyring ${n}${field}`, bytes);
    }
  }
  for (const [what, id] of ids) found.set(`${name}: ${what} ${id}`, base64UrlToBytes(id) ?? utf8ToBytes(id));
  return found;
};

/** The keyrings on a phone, each as its vault holds it, and the circle that it is for. */
export const keyringsOf = async (page: Page): Promise<{ readonly circle: string; readonly bytes: Bytes }[]> =>
  (await readSecrets(page)).keyrings.map(({ circle, bytes }) => ({ circle, bytes: Uint8Array.from(bytes) }));

/** How many rows of a store wait for a relay: envelopes that one has not confirmed yet, and what is not handed on. */
export const waitingForRelays = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('shoulder');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const all = async (store: string): Promise<{ due?: number }[]> => {
      const reading = opening.result.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => (reading.onsuccess = resolve));
      return reading.result as { due?: number }[];
    };
    const [outbox, mail] = [await all('outbox'), await all('mail')];
    opening.result.close();
    return outbox.length + mail.filter(({ due }) => due === 1).length;
  });

/** What the page's own database holds, unwrapped with the page's own key. */
const readSecrets = (
  page: Page
): Promise<{ keyrings: { circle: string; bytes: number[] }[]; ids: [what: string, id: string][] }> =>
  page.evaluate(async () => {
    const opening = indexedDB.open('shoulder');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const all = async <Row>(store: string): Promise<Row[]> => {
      const reading = opening.result.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => (reading.onsuccess = resolve));
      return reading.result as Row[];
    };
    const [vault] = await all<{ key: CryptoKey }>('vault');
    const circles = await all<{ id: string; sealed: Uint8Array<ArrayBuffer> }>('circles');
    const envelopes = await all<{ device: string; key: string; hash: string }>('envelopes');
    opening.result.close();
    if (vault === undefined || circles.length === 0) throw new Error('this phone has no circle');
    const keyrings = circles.map(async ({ id, sealed }) => {
      const [iv, additionalData] = [sealed.slice(0, 12), new TextEncoder().encode(`circle/${id}`)];
      const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, vault.key, sealed.slice(12));
      return { circle: id, bytes: [...new Uint8Array(opened)] };
    });
    const ids = new Map<string, [string, string]>();
    for (const { id } of circles) ids.set(id, ['circle', id]);
    for (const { device, key, hash } of envelopes) {
      ids.set(device, ['device', device]);
      ids.set(key, ['slot', key]);
      ids.set(hash, ['record', hash]);
    }
    return { keyrings: await Promise.all(keyrings), ids: [...ids.values()] };
  });

/** Every byte string in a decoded value, with the way to it. */
const bytesIn = (value: unknown, path: string): [path: string, bytes: Bytes][] => {
  if (value instanceof Uint8Array) return value.length < 16 ? [] : [[path, new Uint8Array(value)]];
  if (value instanceof Map) return [...value].flatMap(([key, one]) => bytesIn(one, `${path}.${String(key)}`));
  if (Array.isArray(value)) return value.flatMap((one, at) => bytesIn(one, `${path}.${at}`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => bytesIn(one, `${path}.${key}`));
};
