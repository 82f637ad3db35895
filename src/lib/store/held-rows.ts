/**
 * What is at rest of a circle: in given slots, of one kind, or all that makes its roster (docs/protocol.md AT6).
 */
import Dexie from 'dexie';
import type { MapKey } from '../base/ids.ts';
import { isStatementKind, statementKinds } from '../records/kinds.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';

/** What the slots of these rows hold now; `undefined` where nothing was ever said there. */
export const heldRows = (
  database: ShoulderDatabase,
  rows: readonly { readonly circle: number; readonly key: MapKey }[]
): Promise<(EnvelopeRow | undefined)[]> =>
  database.envelopes.bulkGet(rows.map(({ circle, key }): [number, MapKey] => [circle, key]));

/** What the roster is made of. One stretch of the index, since statements have the lowest numbers of all kinds. */
export const statementRows = (database: ShoulderDatabase, circle: number): Promise<EnvelopeRow[]> =>
  database.envelopes
    .where('[circle+kind+device+at]')
    .between([circle, Math.min(...statementKinds)], [circle, Math.max(...statementKinds), Dexie.maxKey])
    .and(({ kind }) => isStatementKind(kind))
    .toArray();

/** All rows of one kind in a circle: for kinds of which there are few. */
export const rowsOfKind = (database: ShoulderDatabase, circle: number, kind: number): Promise<EnvelopeRow[]> =>
  database.envelopes.where('[circle+kind+device+at]').between([circle, kind], [circle, kind, Dexie.maxKey]).toArray();
