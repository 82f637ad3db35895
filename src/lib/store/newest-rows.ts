/**
 * The newest of what is at rest, found by an index (docs/protocol.md AT6).
 */
import Dexie from 'dexie';
import type { DeviceId } from '../base/ids.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';

/** The newest row of one kind by one device; with `nowMs` given, the newest that has not faded by then. */
export const newestRow = (
  database: ShoulderDatabase,
  circle: number,
  kind: number,
  device: DeviceId,
  nowMs = -Infinity
): Promise<EnvelopeRow | undefined> =>
  database.envelopes
    .where('[circle+kind+device+at]')
    .between([circle, kind, device, Dexie.minKey], [circle, kind, device, Dexie.maxKey])
    .reverse()
    .and(({ exp }) => exp === undefined || exp > nowMs)
    .first();

/** The newest rows of one kind by one device that have not faded by `nowMs`, newest first. */
export const newestRows = (
  database: ShoulderDatabase,
  circle: number,
  kind: number,
  device: DeviceId,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number }
): Promise<EnvelopeRow[]> =>
  database.envelopes
    .where('[circle+kind+device+at]')
    .between([circle, kind, device, Dexie.minKey], [circle, kind, device, Dexie.maxKey])
    .reverse()
    .and(({ exp }) => exp === undefined || exp > nowMs)
    .limit(limit)
    .toArray();

/** All rows of one kind in a circle dated at or after `sinceMs` that have not faded by `nowMs`. */
export const rowsOfKindSince = (
  database: ShoulderDatabase,
  circle: number,
  kind: number,
  { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number }
): Promise<EnvelopeRow[]> =>
  database.envelopes
    .where('[circle+kind+at]')
    .between([circle, kind, sinceMs], [circle, kind, Dexie.maxKey])
    .and(({ exp }) => exp === undefined || exp > nowMs)
    .toArray();
