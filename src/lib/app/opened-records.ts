/**
 * Records of one circle, opened: private ones too, as far as they are for this person.
 *
 * Each is opened once while the tab lives. What a private record's key is, is kept on the device, wrapped, because finding
 * it out costs public-key work.
 */
import type { Bytes } from '../base/bytes.ts';
import type { PersonId, RecordHash } from '../base/ids.ts';
import type { AnswerRecord } from '../care/answers.ts';
import type { CheckInRecord } from '../care/board.ts';
import { readAnswer } from '../records/answer-bodies.ts';
import { readCheckInBody } from '../records/bodies.ts';
import { isOnlyPrivateKind, kinds } from '../records/kinds.ts';
import type { Payload } from '../records/payload.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { ContentKeys } from '../store/content-keys.ts';
import type { EnvelopeRow } from '../store/database.ts';
import { openRow } from '../store/opened-row.ts';

/** Something that was said, as this person may read it. */
export interface Opened {
  readonly payload: Payload;
  readonly hash: RecordHash;
  /** The true kind and body: of what is inside, where it is private. */
  readonly kind: number;
  readonly body: unknown;
  /** Who can read it besides its author; `null` for the whole circle. */
  readonly to: readonly PersonId[] | null;
}

interface Tried {
  readonly row: EnvelopeRow;
  /** `null`: not for this person, or damaged. */
  readonly record: Opened | null;
  /** It did not open at all: read before the circle moved on to other keys, it may once it is read again. */
  readonly isClosed?: boolean;
  /** What came of a private record; `null` where it is not for this person. */
  readonly contentKey?: Bytes | null;
}

/** How many opened records are kept in memory: a board has a few dozen, an opened card with its years some hundreds. */
const openedMax = 3000;

export class OpenedRecords {
  readonly #circle: LocalCircle;
  readonly #contentKeys: ContentKeys;
  /** `null`: it is private, and not for this person. */
  readonly #known = new Map<RecordHash, Opened | null>();
  #takenIn = 0;

  constructor(circle: LocalCircle, contentKeys: ContentKeys) {
    this.#circle = circle;
    this.#contentKeys = contentKeys;
  }

  /** What these rows say, in any order; rows that are not for this person, or damaged, are left out. */
  async open(rows: readonly EnvelopeRow[]): Promise<Opened[]> {
    await this.#lookAgain(rows);
    const fresh = rows.filter(({ hash }) => !this.#known.has(hash));
    const sealed = fresh.filter(({ kind }) => kind === kinds.private);
    const keys =
      sealed.length === 0
        ? new Map<RecordHash, Bytes | null>()
        : await this.#contentKeys.readMany(this.#circle.n, sealed);
    const opened = await Promise.all(fresh.map((row) => this.#openRow(row, keys.get(row.hash))));
    const learned = opened.flatMap(({ row, contentKey }) =>
      contentKey === undefined || keys.has(row.hash) ? [] : [{ row, contentKey }]
    );
    // A full disk refuses it: it is then found out again, and everything is shown all the same.
    if (learned.length > 0) await this.#contentKeys.keepMany(this.#circle.n, learned);
    for (const { row, record, isClosed } of opened)
      // What another view opened meanwhile, with a key that came since, is open.
      if (isClosed !== true && (record !== null || !this.#known.get(row.hash))) this.#known.set(row.hash, record);
    // Two views may ask for the same rows at once: each record is given once to each.
    const all = [...new Set(rows.map(({ hash }) => hash))].flatMap((hash) => this.#known.get(hash) ?? []);
    for (const hash of this.#known.keys()) {
      if (this.#known.size <= openedMax) break;
      this.#known.delete(hash);
    }
    return all;
  }

  /** What was not for this person may be, once another device of theirs handed over what opens it (OD7). */
  async #lookAgain(rows: readonly EnvelopeRow[]): Promise<void> {
    if (!rows.some(({ hash }) => this.#known.get(hash) === null)) return;
    const times = await this.#contentKeys.takenIn(this.#circle.n);
    if (times === this.#takenIn) return;
    this.#takenIn = times;
    for (const [hash, record] of this.#known) if (record === null) this.#known.delete(hash);
  }

  async #openRow(row: EnvelopeRow, knownKey: Bytes | null | undefined): Promise<Tried> {
    if (knownKey === null) return { row, record: null };
    const outer = await openRow(this.#circle, row);
    if (!outer.ok) return { row, record: null, isClosed: true };
    const { payload, hash } = outer.value;
    if (payload.kind !== kinds.private) {
      return { row, record: { payload, hash, kind: payload.kind, body: payload.body, to: null } };
    }
    const { openPrivate } = await import('../records/private.ts');
    const opened = await openPrivate(payload, this.#circle.keyring.device.agreeKeys, knownKey);
    if (opened === undefined) return { row, record: null, contentKey: null };
    const { kind, body, to } = opened.inner;
    return { row, record: { payload, hash, kind, body, to }, contentKey: opened.contentKey };
  }
}

/** The check-in that was said, if it is one. */
export const toCheckIn = ({ payload, hash, kind, body, to }: Opened): CheckInRecord[] => {
  const read = kind === kinds.checkIn ? readCheckInBody(body) : undefined;
  if (read === undefined) return [];
  const { device, seq, slot, time, expMs } = payload;
  return [{ device, seq, slot, time, hash, expMs, to, body: read }];
};

/** The answer that was said, if it is one. What only few may know counts only where only few could read it. */
export const toAnswer = ({ payload, hash, kind, body, to }: Opened): AnswerRecord[] => {
  if (to === null && isOnlyPrivateKind(kind)) return [];
  const content = readAnswer(kind, body);
  if (content === undefined) return [];
  const { device, slot, time, expMs } = payload;
  return [{ ...content, device, slot, time, hash, to, expMs }];
};

/** Whether a later version said this: it is kept and passed on, and shown as "NAME's app is newer". */
export const isNewer = ({ kind }: Opened): boolean => !knownKinds.includes(kind);

const knownKinds: readonly number[] = Object.values(kinds);
