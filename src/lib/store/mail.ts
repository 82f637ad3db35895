/**
 * Mail at rest: what each relay still has to get, and what it is known to keep (docs/protocol.md MR1–MR6).
 *
 * Keys, hashes and addresses only; the envelopes themselves stand in `envelopes`.
 */
import Dexie from 'dexie';
import type { MapKey, RecordHash } from '../base/ids.ts';
import { randomFraction, type Random } from '../base/random.ts';
import type { LocalCircle } from './circles.ts';
import type { EnvelopeRow, MailRow, ShoulderDatabase } from './database.ts';
import { heldRows } from './held-rows.ts';
import { fadedKind } from './fading.ts';

/**
 * Forgets what was noted of mailboxes of another epoch than this one. Done before an epoch's mailboxes are opened, and once those of
 * the one before are closed: they may have been noted of until then, also after the circle's rows had moved on.
 */
export const beginMail = (
  database: ShoulderDatabase,
  { n, keyring }: Pick<LocalCircle, 'n' | 'keyring'>
): Promise<void> =>
  database.transaction('rw', database.circles, database.mail, database.mailboxes, async () => {
    const { epoch } = keyring.current;
    const row = await database.circles.get(n);
    if (row === undefined || (row.mailEpoch ?? keyring.founding) === epoch) return;
    await database.mail.where('[circle+relay+key]').between([n, Dexie.minKey], [n, Dexie.maxKey]).delete();
    await database.mailboxes.where('[circle+relay]').between([n, Dexie.minKey], [n, Dexie.maxKey]).delete();
    await database.circles.update(n, { mailEpoch: epoch });
  });

/** Notes that these slots have something new for each of these relays; in the caller's transaction where there is one. */
export const oweMail = async (
  database: ShoulderDatabase,
  circle: number,
  relays: readonly string[],
  keys: readonly MapKey[]
): Promise<void> => {
  const places = relays.flatMap((relay) => keys.map((key): [number, string, MapKey] => [circle, relay, key]));
  const before = await database.mail.bulkGet(places);
  await database.mail.bulkPut(
    places.map(([, relay, key], i): MailRow => ({ ...before[i], circle, relay, key, due: 1 }))
  );
};

/**
 * What a relay still has to get, with the envelopes as they stand now; what has faded or gone meanwhile has none. In one
 * order, of which the first `skip` are passed over.
 */
export const dueMail = async (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  { limit, skip = 0 }: { readonly limit: number; readonly skip?: number }
): Promise<{ readonly row: MailRow; readonly envelope: EnvelopeRow | undefined }[]> => {
  const rows = await database.mail
    .where('[circle+relay+due]')
    .equals([circle, relay, 1])
    .offset(skip)
    .limit(limit)
    .toArray();
  const held = await heldRows(database, rows);
  return rows.map((row, i) => {
    const envelope = held[i];
    return { row, envelope: envelope?.kind === fadedKind ? undefined : envelope };
  });
};

/** One slot's envelope is kept by a relay in a letter; one that it does not share can be removed by itself. */
export interface KeptMail {
  readonly key: MapKey;
  readonly hash: RecordHash;
  readonly id: string;
  readonly shared: boolean;
}

/**
 * Notes what a relay has confirmed. A slot that has moved on meanwhile stays due. Returns what was kept of these slots
 * before, in mail of its own: the relay need not keep that any longer.
 */
export const confirmMail = (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  kept: readonly KeptMail[]
): Promise<string[]> =>
  database.transaction('rw', database.envelopes, database.mail, async () => {
    const places = kept.map(({ key }): [number, string, MapKey] => [circle, relay, key]);
    const [before, now] = await Promise.all([
      database.mail.bulkGet(places),
      heldRows(
        database,
        kept.map(({ key }) => ({ circle, key }))
      )
    ]);
    await database.mail.bulkPut(
      kept.map(({ key, hash, id, shared }, i): MailRow => {
        const due = now[i] === undefined || now[i].hash === hash || now[i].kind === fadedKind ? 0 : 1;
        return { circle, relay, key, due, hash, id, shared };
      })
    );
    return before.flatMap((row, i) =>
      row?.id === undefined || row.shared === true || row.id === kept[i]?.id ? [] : [row.id]
    );
  });

/**
 * Letters that this device left and a relay confirmed and that have not run out: half of them those of its newest records,
 * which a relay that was set back has lost first, and half at random, so that in time all are looked for.
 */
export const confirmedMail = async (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  { nowMs, limit, random }: { readonly nowMs: number; readonly limit: number; readonly random: Random }
): Promise<string[]> => {
  const rows = await database.mail
    .where('[circle+relay+due]')
    .equals([circle, relay, 0])
    .and(({ id }) => id !== undefined)
    .toArray();
  const held = await heldRows(database, rows);
  const newestById = new Map<string, number>();
  rows.forEach(({ id }, i) => {
    const row = held[i];
    if (id === undefined || row === undefined || row.kind === fadedKind) return;
    if (row.exp === undefined || row.exp > nowMs) newestById.set(id, Math.max(row.at, newestById.get(id) ?? 0));
  });
  const ids = [...newestById].sort(([, a], [, b]) => b - a).map(([id]) => id);
  const newest = ids.slice(0, Math.ceil(limit / 2));
  return [...newest, ...drawFrom(ids.slice(newest.length), limit - newest.length, random)];
};

/** Which of these envelopes need not be put back on a relay: it has confirmed them, or they are still due there. */
export const accountedMail = async (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  envelopes: readonly Pick<EnvelopeRow, 'key' | 'hash'>[]
): Promise<ReadonlySet<MapKey>> => {
  const rows = await database.mail.bulkGet(envelopes.map(({ key }): [number, string, MapKey] => [circle, relay, key]));
  return new Set(envelopes.filter(({ hash }, i) => rows[i]?.due === 1 || rows[i]?.hash === hash).map(({ key }) => key));
};

/** Nothing is due here any more: the slot faded. */
export const dropMail = async (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  keys: readonly MapKey[]
): Promise<void> => {
  await database.mail.bulkDelete(keys.map((key): [number, string, MapKey] => [circle, relay, key]));
};

/**
 * Forgets what a relay was known to keep and does not: `there` names all the letters that it has. What it still has stays
 * noted, so that it is missed when it goes later.
 */
export const forgetLostMail = async (
  database: ShoulderDatabase,
  circle: number,
  relay: string,
  there: ReadonlySet<string>
): Promise<void> => {
  await database.mail
    .where('[circle+relay+due]')
    .equals([circle, relay, 0])
    .and(({ id }) => id === undefined || !there.has(id))
    .delete();
};

/** Some of a list, without repeats, in no order. */
const drawFrom = (list: readonly string[], count: number, random: Random): string[] => {
  const rest = [...list];
  return Array.from({ length: Math.min(count, rest.length) }, () =>
    rest.splice(Math.floor(randomFraction(random) * rest.length), 1)
  ).flat();
};

/** Forgets where these slots' mail is: they have faded, and so has it. */
export const forgetMailOf = async (
  database: ShoulderDatabase,
  slots: readonly { readonly circle: number; readonly key: MapKey }[]
): Promise<void> => {
  if (slots.length === 0) return;
  await database.mail
    .where('[circle+key]')
    .anyOf(slots.map(({ circle, key }): [number, MapKey] => [circle, key]))
    .delete();
};

/** Forgets all that was noted of relays that a circle has left, what was still to be left there included. */
export const forgetRelays = (database: ShoulderDatabase, circle: number, relays: readonly string[]): Promise<void> =>
  database.transaction('rw', database.mail, database.mailboxes, async () => {
    for (const relay of relays) {
      await database.mail
        .where('[circle+relay+key]')
        .between([circle, relay, Dexie.minKey], [circle, relay, Dexie.maxKey])
        .delete();
      await database.mailboxes.delete([circle, relay]);
    }
  });
