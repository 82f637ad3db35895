/**
 * Content keys on their way between a person's devices: what this one can open of a circle's private records, and what the others
 * handed over in their own circle (docs/protocol.md OD7).
 */
import Dexie from 'dexie';
import * as v from 'valibot';
import { bytesToUtf8, type Bytes } from '../base/bytes.ts';
import type { DeviceId, PersonId, RecordHash } from '../base/ids.ts';
import { isIn, type Roster } from '../circle/roster.ts';
import { kinds } from '../records/kinds.ts';
import { openPrivate } from '../records/private.ts';
import { readHandedKeys, type HandedKeys } from '../records/handed-keys.ts';
import type { LocalCircle } from './circles.ts';
import type { ContentKeys, TriedRecord } from './content-keys.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';
import { rowsOfKind } from './held-rows.ts';
import { pagesOfKinds } from './kind-pages.ts';
import { openRow } from './opened-row.ts';
import type { Vault } from './vault.ts';

/** Keys as one device handed them over, in one record of the own circle. */
export interface HandedRecord extends HandedKeys {
  readonly by: DeviceId;
  readonly slot: string;
  readonly hash: RecordHash;
  readonly expMs: number | null;
}

/** A private record that this device can open. */
export interface ReadableRow {
  readonly row: EnvelopeRow;
  readonly contentKey: Bytes;
}

/** Queries only, fit for a live query. */
export const queryHandedKeys = (database: ShoulderDatabase, own: number): Promise<EnvelopeRow[]> =>
  rowsOfKind(database, own, kinds.contentKeys);

/** What the devices that are in handed over. Devices that are out are not listened to. */
export const openHandedKeys = async (
  own: LocalCircle,
  roster: Roster,
  rows: readonly EnvelopeRow[]
): Promise<HandedRecord[]> => {
  const opened = await Promise.all(
    rows
      .filter(({ device }) => isIn(roster, device))
      .map(async (row): Promise<HandedRecord[]> => {
        const record = await openRow(own, row);
        if (!record.ok) return [];
        const { kind, body, device, slot, expMs } = record.value.payload;
        const handed = kind === kinds.contentKeys ? readHandedKeys(body) : undefined;
        return handed === undefined ? [] : [{ ...handed, by: device, slot, hash: row.hash, expMs }];
      })
  );
  return opened.flat();
};

/**
 * The dates of a circle's private records up to `untilMs`, in order: they change whenever one of these comes, goes, or is said anew.
 * Keys of an index only; a query, fit for a live query.
 */
export const privateDates = async (
  database: ShoulderDatabase,
  circle: number,
  untilMs = Infinity
): Promise<readonly number[]> => {
  const keys = await database.envelopes
    .where('[circle+kind+at]')
    .between([circle, kinds.private, Dexie.minKey], [circle, kinds.private, untilMs], true, true)
    .keys();
  return (keys as unknown as readonly (readonly [number, number, number])[]).map(([, , at]) => at);
};

/**
 * The live private records of a circle, dated up to `untilMs`, that this device can open, in pages. What was never tried is tried now,
 * and what came of it is kept: that costs public-key work, once.
 */
export async function* readableRows(
  { database, contentKeys }: { readonly database: ShoulderDatabase; readonly contentKeys: ContentKeys },
  circle: LocalCircle,
  { nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number }
): AsyncGenerator<ReadableRow[]> {
  for await (const page of pagesOfKinds(database, circle.n, [kinds.private], { nowMs })) {
    const rows = page.filter(({ at }) => at <= untilMs);
    const known = await contentKeys.readMany(circle.n, rows);
    const untried = rows.filter(({ hash }) => !known.has(hash));
    for (let from = 0; from < untried.length; from += triedAtOnce) {
      const tried = await Promise.all(untried.slice(from, from + triedAtOnce).map((row) => tryRow(circle, row)));
      const came = tried.flat();
      for (const { row, contentKey } of came) known.set(row.hash, contentKey);
      if (came.length > 0) await contentKeys.keepMany(circle.n, came);
    }
    yield rows.flatMap((row) => {
      const contentKey = known.get(row.hash) ?? null;
      return contentKey === null ? [] : [{ row, contentKey }];
    });
  }
}

/** Whether this key opens what stands in a row. */
export const opensRow = async (circle: LocalCircle, row: EnvelopeRow, contentKey: Bytes): Promise<boolean> => {
  const outer = await openRow(circle, row);
  if (!outer.ok) return false;
  return (await openPrivate(outer.value.payload, circle.keyring.device.agreeKeys, contentKey)) !== undefined;
};

/** Whom this device does not show in a circle, as its notes have it (`notesOf` in `app/side-notes.ts`). */
export const mutedIn = async (database: ShoulderDatabase, vault: Vault, circle: number): Promise<Set<PersonId>> => {
  const id = `notes/${circle}`;
  const row = await database.drafts.get(id);
  const bytes = row === undefined ? undefined : await vault.unwrap(`draft/${id}`, row.sealed);
  const parsed = bytes === undefined ? undefined : v.safeParse(mutedNote, JSON.parse(bytesToUtf8(bytes) ?? '{}'));
  return new Set(parsed?.success === true ? parsed.output.muted : []);
};

const mutedNote = v.object({ muted: v.optional(v.array(v.custom<PersonId>((id) => typeof id === 'string')), []) });

/** Seals are tried of so many records between two turns of the page. */
const triedAtOnce = 20;

const tryRow = async (circle: LocalCircle, row: EnvelopeRow): Promise<TriedRecord[]> => {
  const outer = await openRow(circle, row);
  // Read before the circle moved on to other keys, it opens another time.
  if (!outer.ok) return [];
  const opened = await openPrivate(outer.value.payload, circle.keyring.device.agreeKeys);
  return [{ row, contentKey: opened?.contentKey ?? null }];
};
