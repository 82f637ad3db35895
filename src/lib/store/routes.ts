/**
 * The routes of a circle as they stand on this device: what was chosen, and how each relay is doing.
 */
import { readRoutesBody, type RoutesBody } from '../records/routes-body.ts';
import { isIn, type Roster } from '../circle/roster.ts';
import { routesOf, type RoutesRecord } from '../circle/routes.ts';
import { readInviteBody } from '../records/bodies.ts';
import type { HybridTime } from '../records/hybrid-time.ts';
import { kinds } from '../records/kinds.ts';
import type { Ack } from '../records/ledger.ts';
import { bodyToAck } from '../records/ledger-reading.ts';
import type { Payload } from '../records/payload.ts';
import type { DeviceId, RecordHash } from '../base/ids.ts';
import type { LocalCircle } from './circles.ts';
import type { EnvelopeRow, ShoulderDatabase } from './database.ts';
import { rowsOfKind, statementRows } from './held-rows.ts';
import { openRow } from './opened-row.ts';
import { rosterOfRows } from './rosters.ts';

/** The one slot of a device in which it says which relays to use. */
export const routesSlot = 'routes';

/** What the routes of a circle follow from. */
export interface RoutesRows {
  readonly routes: readonly EnvelopeRow[];
  /** Empty where nobody chose: then there is nothing that could have reached anybody. */
  readonly acks: readonly EnvelopeRow[];
  readonly invites: readonly EnvelopeRow[];
  readonly statements: readonly EnvelopeRow[];
}

/** Relays in use: where to find each other and leave mail, and those still served after a change. */
export interface RoutesInUse {
  /** `null` where nobody chose. */
  readonly chosen: readonly string[] | null;
  /** What was chosen, or what the circle began with. */
  readonly relays: readonly string[];
  readonly left: readonly string[];
}

/** Queries only, fit for a live query. */
export const queryRoutes = async (database: ShoulderDatabase, circle: number): Promise<RoutesRows> => {
  const routes = await rowsOfKind(database, circle, kinds.routes);
  if (routes.length === 0) return { routes, acks: [], invites: [], statements: [] };
  const [acks, invites, statements] = await Promise.all([
    rowsOfKind(database, circle, kinds.ack),
    rowsOfKind(database, circle, kinds.invite),
    statementRows(database, circle)
  ]);
  return { routes, acks, invites, statements };
};

/** The routes that these rows make. `fallback`: what is used where the circle names no relay at all. */
export const openRoutes = async (
  circle: LocalCircle,
  { routes, acks, invites, statements }: RoutesRows,
  fallback: readonly string[]
): Promise<RoutesInUse> => {
  const [records, ackRecords, invitations, roster] = await Promise.all([
    openAll(circle, routes),
    openAll(circle, acks),
    openAll(circle, invites),
    rosterOfRows(circle, statements)
  ]);
  const heard = new Map(
    ackRecords.flatMap(({ payload }): [DeviceId, Ack][] => {
      const ack = bodyToAck(payload.body);
      return ack === undefined ? [] : [[payload.device, ack]];
    })
  );
  const invited = await standing(invitations, roster);
  const { chosen, left } = routesOf(records.flatMap(toRoutesRecord), roster, heard, invited);
  const began = circle.keyring.relays.length > 0 ? circle.keyring.relays : fallback;
  return { chosen, relays: chosen ?? began, left };
};

/** When those invitations were made by which nobody came in yet, of people who are in. One without an end is no app's of ours. */
const standing = async (invitations: readonly Opened[], roster: Roster): Promise<HybridTime[]> => {
  if (invitations.length === 0) return [];
  // Seldom needed, and nothing the first screen should wait for.
  const { deriveInvitationKeys } = await import('../circle/invitation.ts');
  const each = await Promise.all(
    invitations.map(async ({ payload }): Promise<HybridTime[]> => {
      if (payload.expMs === null || !isIn(roster, payload.device)) return [];
      const body = readInviteBody(payload.body);
      const id = body && (await deriveInvitationKeys(body.secret)).id;
      return id === undefined || roster.usedInvites.has(id) ? [] : [payload.time];
    })
  );
  return each.flat();
};

interface Opened {
  readonly payload: Payload;
  readonly hash: RecordHash;
}

const openAll = async (circle: LocalCircle, rows: readonly EnvelopeRow[]): Promise<Opened[]> => {
  const opened = await Promise.all(rows.map((row) => openRow(circle, row)));
  return opened.flatMap((record) => (record.ok ? [record.value] : []));
};

const toRoutesRecord = ({ payload, hash }: Opened): RoutesRecord[] => {
  const body: RoutesBody | undefined = readRoutesBody(payload.body);
  const { device, seq, time } = payload;
  return body === undefined ? [] : [{ device, seq, time, hash, body }];
};
