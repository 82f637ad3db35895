/**
 * What a backup brought back of circles that this device is not in, or cannot read any more: a text a circle, wrapped by the
 * vault (docs/protocol.md AT8). What the text says is the business of whoever restores; here it is only kept.
 */
import { bytesToUtf8, utf8ToBytes } from '../base/bytes.ts';
import type { CircleId } from '../base/ids.ts';
import type { RestoredRow, ShoulderDatabase } from './database.ts';
import type { Vault } from './vault.ts';

/** One circle's text, before it is wrapped. */
export interface RestoredText {
  readonly id: CircleId;
  readonly text: string;
  /** When the first of it fades, milliseconds since 1970, or `null`. */
  readonly expMs: number | null;
}

/** The row of a text: apart from storing it, because no transaction may wait for crypto. */
export const wrapRestored = async (vault: Vault, { id, text, expMs }: RestoredText): Promise<RestoredRow> => {
  const sealed = await vault.wrap(purposeOf(id), utf8ToBytes(text));
  return expMs === null ? { id, sealed } : { id, sealed, exp: expMs };
};

/** The text of a row; `undefined` where it does not unwrap. */
export const unwrapRestored = async (vault: Vault, { id, sealed }: RestoredRow): Promise<string | undefined> => {
  const bytes = await vault.unwrap(purposeOf(id), sealed);
  return bytes === undefined ? undefined : bytesToUtf8(bytes);
};

/** All of them, in the order of their ids: a handful. */
export const restoredRows = (database: ShoulderDatabase): Promise<RestoredRow[]> =>
  database.restored.orderBy('id').toArray();

/** Those of which something has faded by `nowMs`. Reads nothing else. */
export const fadedRestoredRows = (database: ShoulderDatabase, nowMs: number): Promise<RestoredRow[]> =>
  database.restored.where('exp').belowOrEqual(nowMs).toArray();

const purposeOf = (id: CircleId): string => `restored/${id}`;
