/**
 * What this device knows of one circle, read and opened: the facts that every view of it is made from.
 */
import type { DeviceId, PersonId, RecordHash, SaidId } from '../../base/ids.ts';
import { dayMs } from '../../base/clock.ts';
import type { BoardFacts } from '../../care/board.ts';
import type { RelaysKeeping } from '../../care/delivery.ts';
import { personOfDevice, type Roster } from '../../circle/roster.ts';
import { kinds } from '../../records/kinds.ts';
import type { Ack } from '../../records/ledger.ts';
import { bodyToAck } from '../../records/ledger-reading.ts';
import type { LocalCircle } from '../../store/circles.ts';
import { takenIn } from '../../store/content-keys.ts';
import type { EnvelopeRow, SealedRow } from '../../store/database.ts';
import { rowsOfKind, statementRows } from '../../store/held-rows.ts';
import { newestRows, rowsOfKindSince } from '../../store/newest-rows.ts';
import { newerRows } from '../../store/newer-kinds.ts';
import { relayHealthOf, relaysKeeping } from '../../store/kept-mail.ts';
import { isNewer, toAnswer, toCheckIn, type Opened } from '../opened-records.ts';
import type { Shoulder } from '../shoulder.ts';
import { notesOf, type SideNotes } from '../side-notes.ts';

/** How much of a circle a view looks at. */
export interface Reach {
  /** How many check-ins of each device. */
  readonly checkIns: number;
  /** How far back answers and private records are read, milliseconds. */
  readonly answersMs: number;
}

/** A board opens fast because it looks no further than this. */
export const boardReach: Reach = { checkIns: 1, answersMs: 60 * dayMs };
/** What is answered was said, and answered before, within this. */
export const answerReach: Reach = { checkIns: 60, answersMs: 180 * dayMs };
/** An opened card: whatever is still kept. */
export const friendReach: Reach = { checkIns: 60, answersMs: Infinity };

export interface FactRows {
  readonly roster: Roster;
  readonly said: readonly EnvelopeRow[];
  readonly acks: readonly EnvelopeRow[];
  readonly newer: readonly EnvelopeRow[];
  readonly notes: SealedRow | undefined;
  readonly relays: BoardFacts['relays'];
}

/** The rows of a circle: queries only, fit for a live query. */
export const queryFacts = async (app: Shoulder, circle: LocalCircle, reach: Reach): Promise<FactRows> => {
  const { database, clock } = app;
  const { n } = circle;
  const nowMs = clock.nowMs();
  const statements = await statementRows(database, n);
  // Dexie keeps track of its transaction zone only through promises that it can wrap.
  const roster = await Promise.resolve(app.rosters.ofRows(circle, statements));
  const sinceMs = nowMs - reach.answersMs;
  const [checkIns, answers, acks, newer, notes] = await Promise.all([
    Promise.all(
      [...roster.devicesById.keys()].map((device) =>
        newestRows(database, n, kinds.checkIn, device, { nowMs, limit: reach.checkIns })
      )
    ),
    Promise.all(answering.map((kind) => rowsOfKindSince(database, n, kind, { nowMs, sinceMs }))),
    // A device has one ack, in a slot of its own, so that all of them are one stretch of the index.
    rowsOfKind(database, n, kinds.ack),
    newerRows(database, n),
    notesOf(app, circle).row(),
    // Nothing is done with it: what it tells of is read when these rows are.
    takenIn(database, n)
  ]);
  const own = checkIns.flat().filter(({ device }) => device === circle.keyring.device.id);
  const relays = await relaysOf(app, circle, own.slice(0, 1));
  return { relays, roster, said: [...checkIns.flat(), ...answers.flat()], acks, newer, notes };
};

/** What is on the rows, opened. */
export const readFacts = async (
  app: Shoulder,
  circle: LocalCircle,
  rows: FactRows
): Promise<BoardFacts & { readonly notes: SideNotes }> => {
  const { roster } = rows;
  // Whoever was let in again on this device is here as another one.
  await circle.refresh();
  const [opened, notes] = await Promise.all([
    app.openedRecords(circle).then((records) => records.open([...rows.said, ...rows.acks])),
    notesOf(app, circle).open(rows.notes)
  ]);
  const newer = [
    ...rows.newer.map(({ device }) => device),
    ...opened.filter(isNewer).map(({ payload }) => payload.device)
  ];
  return {
    notes,
    relays: rows.relays,
    roster,
    ownDevice: circle.keyring.device.id,
    checkIns: opened.flatMap(toCheckIn),
    answers: opened.flatMap(toAnswer),
    acks: new Map(opened.flatMap(ackOf)),
    seen: new Map(Object.entries(notes.seen).map(([person, ids]) => [person as PersonId, new Set(ids as SaidId[])])),
    newer: new Set(newer.flatMap((device) => personOfDevice(roster, device) ?? [])),
    muted: new Set(notes.muted)
  };
};

/** Which relays keep these; of interest for what one said last, while somebody is waited for. */
const relaysOf = async (
  { database }: Shoulder,
  { n }: LocalCircle,
  rows: readonly EnvelopeRow[]
): Promise<BoardFacts['relays']> => {
  const inUse = new Set((await relayHealthOf(database, n)).map(({ relay }) => relay));
  if (inUse.size === 0) return new Map();
  const found = await Promise.all(
    rows.map(async (row): Promise<[RecordHash, RelaysKeeping]> => {
      const keeping = (await relaysKeeping(database, n, row)).filter((relay) => inUse.has(relay));
      return [row.hash, { keeping: keeping.length, of: inUse.size }];
    })
  );
  return new Map(found);
};

const answering = [kinds.gesture, kinds.reply, kinds.openAdvice, kinds.private];

const ackOf = ({ payload, kind, body }: Opened): [DeviceId, Ack][] => {
  const ack = kind === kinds.ack ? bodyToAck(body) : undefined;
  return ack === undefined ? [] : [[payload.device, ack]];
};
