/**
 * Leaving circles, and what became of saying so: whether anybody has it yet.
 */
import { ok, type Result } from '../../base/result.ts';
import { leaveSlot } from '../../circle/slots.ts';
import { reaches } from '../../circle/reaching.ts';
import { currentPeople, personOfDevice, type Roster } from '../../circle/roster.ts';
import { kinds } from '../../records/kinds.ts';
import type { Ack } from '../../records/ledger.ts';
import { bodyToAck } from '../../records/ledger-reading.ts';
import type { SayError } from '../../store/author.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { DeviceId } from '../../base/ids.ts';
import type { EnvelopeRow } from '../../store/database.ts';
import { rowsOfKind, statementRows } from '../../store/held-rows.ts';
import { relaysKeeping } from '../../store/kept-mail.ts';
import { rosterOfRows } from '../../store/rosters.ts';
import type { Shoulder } from '../shoulder.ts';

export type LeavingApp = Pick<Shoulder, 'database' | 'circles' | 'author' | 'openedRecords'>;

/** A circle with others in it. */
export interface Shared {
  readonly circle: LocalCircle;
  readonly name: string;
  /** Everyone else who is in it, by name in roster order. */
  readonly friends: readonly string[];
}

/** How far the word has got. `here`: nobody has it yet. */
export interface Leaving {
  readonly circle: string;
  readonly got: 'here' | 'relay' | 'friends';
  /** Those who have it, by their own devices' word. */
  readonly friends: readonly string[];
}

/** The circles that there is somebody to tell in. */
export const sharedCircles = async (app: LeavingApp): Promise<Shared[]> => {
  const all = await Promise.all(
    (await app.circles.all()).map(async (circle) => {
      const roster = await rosterOfRows(circle, await statementRows(app.database, circle.n));
      const own = personOfDevice(roster, circle.keyring.device.id);
      const people = currentPeople(roster);
      // Whoever has left already has nothing to say any more.
      const isIn = people.some(({ id }) => id === own);
      const friends = people.filter(({ id }) => id !== own).map(({ name }) => name);
      return { circle, name: roster.circleName, friends: isIn ? friends : [] };
    })
  );
  return all.filter(({ friends }) => friends.length > 0);
};

/**
 * Says in each of these circles that one leaves. Once each (ST1): where it was said already, nothing is. Errors: what the disk
 * refuses; what was said until then is said.
 */
export const leaveCircles = async (app: LeavingApp, shared: readonly Shared[]): Promise<Result<true, SayError>> => {
  for (const { circle } of shared) {
    const kept = await rowsOfKind(app.database, circle.n, kinds.leave);
    if (kept.some(({ device }) => device === circle.keyring.device.id)) continue;
    const said = await app.author.say(circle, { kind: kinds.leave, slot: leaveSlot, body: {}, expMs: null });
    if (!said.ok) return said;
  }
  return ok(true);
};

/** The rows that tell how far it got: queries only, fit for a live query. */
export interface LeavingRows {
  readonly shared: Shared;
  readonly leave: EnvelopeRow | undefined;
  readonly statements: readonly EnvelopeRow[];
  readonly acks: readonly EnvelopeRow[];
  readonly relays: readonly string[];
}

export const queryLeaving = (app: LeavingApp, shared: readonly Shared[]): Promise<LeavingRows[]> =>
  Promise.all(
    shared.map(async (each): Promise<LeavingRows> => {
      const { n, keyring } = each.circle;
      const [leaves, statements, acks] = await Promise.all([
        rowsOfKind(app.database, n, kinds.leave),
        statementRows(app.database, n),
        rowsOfKind(app.database, n, kinds.ack)
      ]);
      const leave = leaves.find(({ device }) => device === keyring.device.id);
      const relays = leave === undefined ? [] : await relaysKeeping(app.database, n, leave);
      return { shared: each, leave, statements, acks, relays };
    })
  );

/** How far it got in each circle, as `queryLeaving` found it. */
export const readLeaving = (app: LeavingApp, rows: readonly LeavingRows[]): Promise<Leaving[]> =>
  Promise.all(
    rows.map(async ({ shared, leave, statements, acks, relays }): Promise<Leaving> => {
      const roster = await rosterOfRows(shared.circle, statements);
      const opened = await (await app.openedRecords(shared.circle)).open(acks);
      const ackOf = new Map(
        opened.flatMap(({ payload, body }): [DeviceId, Ack][] => {
          const ack = bodyToAck(body);
          return ack === undefined ? [] : [[payload.device, ack]];
        })
      );
      const friends = leave === undefined ? [] : reachedBy(roster, leave, ackOf);
      const got = friends.length > 0 ? 'friends' : relays.length > 0 ? 'relay' : 'here';
      return { circle: shared.name, got, friends };
    })
  );

const reachedBy = (roster: Roster, { device, seq }: EnvelopeRow, acks: ReadonlyMap<DeviceId, Ack>): string[] =>
  currentPeople(roster)
    .filter((person) => !person.devices.includes(device) && reaches(person, { author: device, seq }, acks))
    .map(({ name }) => name);
