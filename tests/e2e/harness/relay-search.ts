/**
 * What a relay holds and hears, searched: for what must not be there (`searchHeard` does that), and for anything by which
 * two of its visitors, two of its mailboxes, or two relays could be told to belong together.
 *
 * A **trail** is everything one connection said, or everything one mailbox holds. Two trails are linked by a part that
 * they share: 16 bytes in a row of a text or of what it stands for in base64 or hex, or a whole shorter text. What every
 * Shoulder says alike links nobody, and is listed here by name.
 */
import { DatabaseSync } from 'node:sqlite';

/** The parts of one trail: each names bytes that nobody else should have. */
export type Trail = ReadonlySet<string>;

/** Bytes in a row that are no coincidence. */
export const sharedBytesMin = 16;

/**
 * What every Shoulder says alike: the words of NIP-01, 09, 40 and 42, and the names of our subscriptions, which count up
 * from nothing on each connection.
 */
const words = new Set([
  ...['EVENT', 'REQ', 'CLOSE', 'AUTH', 'signal'],
  ...['id', 'pubkey', 'created_at', 'kind', 'tags', 'content', 'sig'],
  ...['ids', 'authors', 'kinds', 'since', 'until', 'limit', '#p', '#t'],
  ...['p', 't', 'e', 'k', 'expiration', 'relay', 'challenge', '1059', '']
]);
const subscriptionName = /^m\d{1,5}$/;
/** Seconds since 1970: times are seen, and are no ids. The threat model says what they tell. */
const time = /^\d{10}$/;
const timeMax = 9_999_999_999;

/** The trail of parsed frames or events. `address`: the relay's own, which whoever signs in repeats to it. */
export const trailOf = (frames: readonly unknown[], address: string): Trail => {
  const parts = new Set<string>();
  for (const text of frames.flatMap(textsIn)) {
    if (words.has(text) || subscriptionName.test(text) || time.test(text) || text === address) continue;
    for (const layer of layersOf(text)) addParts(parts, layer);
  }
  return parts;
};

/** The first part that two trails share, in hex, or undefined where nothing links them. */
export const linkBetween = (a: Trail, b: Trail): string | undefined => {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const part of small) if (large.has(part)) return Buffer.from(part, 'latin1').toString('hex');
  return undefined;
};

/** Whether any 16 bytes in a row of a secret, or of how it is written in hex or base64, are in a trail. */
export const tells = (trail: Trail, secret: Uint8Array): boolean => {
  const bytes = Buffer.from(secret);
  const forms = [bytes, ...(['hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(bytes.toString(form)))];
  return forms.some((form) => {
    const parts = new Set<string>();
    addParts(parts, form);
    return linkBetween(parts, trail) !== undefined;
  });
};

/** Which trails hang together, directly or by way of others: lists of their indices, each trail in one list. */
export const groupsOf = (trails: readonly Trail[]): number[][] => {
  const groupOf = trails.map((_, at) => at);
  const firstWith = new Map<string, number>();
  trails.forEach((trail, at) => {
    for (const part of trail) {
      const first = firstWith.get(part);
      if (first === undefined) firstWith.set(part, at);
      else if (groupOf[first] !== groupOf[at]) {
        const [from, to] = [groupOf[at], groupOf[first] as number];
        groupOf.forEach((group, i) => void (group === from && (groupOf[i] = to)));
      }
    }
  });
  return [...Map.groupBy(trails.keys(), (at) => groupOf[at]).values()];
};

/** Every row of every table in a database file that nobody has open, by table. */
export const rowsIn = (file: string): Map<string, Record<string, unknown>[]> => {
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const rows = new Map(
    tables.map(({ name }) => [String(name), database.prepare(`SELECT * FROM "${String(name)}"`).all()] as const)
  );
  database.close();
  return rows;
};

/** Every text in a parsed value, the names of fields among them; a number too large for a time counts as one. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return Math.abs(value) > timeMax ? [String(value)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? value.flatMap(textsIn) : Object.entries(value).flat().flatMap(textsIn);
};

/** A text as it stands, and what it stands for, wherever in it base64 or hex may begin. */
const layersOf = (text: string): Buffer[] => {
  const base64 = text.match(/[\w+/-]{16,}/g) ?? [];
  const hex = text.match(/[0-9a-f]{16,}/gi) ?? [];
  return [
    Buffer.from(text),
    ...base64.flatMap((run) => [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64url'))),
    ...hex.flatMap((run) => [0, 1].map((from) => Buffer.from(run.slice(from), 'hex')))
  ];
};

const addParts = (parts: Set<string>, layer: Buffer): void => {
  const text = layer.toString('latin1');
  if (text.length > 0 && text.length < sharedBytesMin) parts.add(`short ${text}`);
  for (let at = 0; at + sharedBytesMin <= text.length; at++) parts.add(text.slice(at, at + sharedBytesMin));
};
