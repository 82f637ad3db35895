/**
 * The board of one circle as it is on this device now: cards, who is here, and what is mine to change.
 */
import type { DeviceId } from '../../base/ids.ts';
import { makeBoard, type Board, type CheckInRecord } from '../../care/board.ts';
import { currentPeople, type Roster } from '../../circle/roster.ts';
import { readCheckInBody } from '../../records/bodies.ts';
import { kinds } from '../../records/kinds.ts';
import { bodyToAck, type Ack } from '../../records/ledger.ts';
import { openRecord, type OpenedRecord } from '../../records/record.ts';
import type { LocalCircle } from '../../store/circles.ts';
import type { EnvelopeRow, PresenceRow } from '../../store/database.ts';
import { newestRow, rowsOfKind, statementRows } from '../../store/envelopes.ts';
import { Live } from '../live.svelte.ts';
import type { Shoulder } from '../shoulder.ts';

export interface BoardState extends Board {
  readonly circleName: string;
  readonly own: boolean;
  /** Everyone else who is in, by name in roster order. */
  readonly friends: readonly string[];
  /** Friends who are connected now, by name in roster order. */
  readonly connected: readonly string[];
  /** Whether the way to find friends is open, as far as is known. */
  readonly online: boolean;
}

interface BoardRows {
  readonly roster: Roster;
  readonly checkIns: readonly EnvelopeRow[];
  readonly acks: readonly EnvelopeRow[];
  readonly presence: PresenceRow | undefined;
}

export class BoardView {
  readonly #app: Shoulder;
  readonly #circle: LocalCircle;
  readonly #live: Live<BoardRows, BoardState>;
  /** Records opened before, by hash: a board is drawn again far more often than something new is said. */
  #opened = new Map<string, OpenedRecord>();

  constructor(app: Shoulder, circle: LocalCircle) {
    this.#app = app;
    this.#circle = circle;
    this.#live = new Live(
      () => this.#query(),
      (rows) => this.#read(rows),
      app.onProblem
    );
  }

  /** `undefined` until it has been read from disk once. */
  get current(): BoardState | undefined {
    return this.#live.current;
  }

  async #query(): Promise<BoardRows> {
    const { database, clock } = this.#app;
    const { n } = this.#circle;
    const statements = await statementRows(database, n);
    // Dexie keeps track of its transaction zone only through promises that it can wrap.
    const roster = await Promise.resolve(this.#app.rosters.ofRows(this.#circle, statements));
    const devices = [...roster.devicesById.keys()];
    const [checkIns, acks, presence] = await Promise.all([
      Promise.all(devices.map((device) => newestRow(database, n, kinds.checkIn, device, clock.nowMs()))),
      // A device has one ack, in a slot of its own, so that all of them are one stretch of the index.
      rowsOfKind(database, n, kinds.ack),
      database.presence.get(n)
    ]);
    return { roster, checkIns: checkIns.filter((row) => row !== undefined), acks, presence };
  }

  async #read({ roster, checkIns, acks, presence }: BoardRows): Promise<BoardState> {
    const opened = await this.#open([...checkIns, ...acks]);
    const ownDevice = this.#circle.keyring.device.id;
    const ownPerson = roster.devicesById.get(ownDevice)?.person;
    const here = new Set((presence?.devices ?? []).map((device) => roster.devicesById.get(device)?.person));
    const others = currentPeople(roster).filter(({ id }) => id !== ownPerson);
    return {
      ...makeBoard({
        roster,
        ownDevice,
        checkIns: opened.flatMap((record) => checkInOf(record)),
        acks: new Map(opened.flatMap((record) => ackOf(record)))
      }),
      circleName: roster.circleName,
      own: this.#circle.keyring.own,
      friends: others.map(({ name }) => name),
      connected: others.filter(({ id }) => here.has(id)).map(({ name }) => name),
      online: presence?.online ?? true
    };
  }

  async #open(rows: readonly EnvelopeRow[]): Promise<OpenedRecord[]> {
    const opened = await Promise.all(
      rows.map(async ({ hash, bytes }): Promise<[string, OpenedRecord][]> => {
        const known = this.#opened.get(hash);
        if (known !== undefined) return [[hash, known]];
        const record = await openRecord(bytes, this.#circle.keyring.epochs);
        return record.ok ? [[hash, record.value]] : [];
      })
    );
    this.#opened = new Map(opened.flat());
    return [...this.#opened.values()];
  }
}

const checkInOf = ({ payload, hash }: OpenedRecord): CheckInRecord[] => {
  const body = payload.kind === kinds.checkIn ? readCheckInBody(payload.body) : undefined;
  if (body === undefined) return [];
  const { device, seq, slot, time } = payload;
  return [{ device, seq, slot, time, hash, body }];
};

const ackOf = ({ payload }: OpenedRecord): [DeviceId, Ack][] => {
  const ack = payload.kind === kinds.ack ? bodyToAck(payload.body) : undefined;
  return ack === undefined ? [] : [[payload.device, ack]];
};
