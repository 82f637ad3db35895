/**
 * What was said privately before a person's further device came, made readable on it: a device that let another one in hands it the
 * content keys it holds, in their own circle, and takes in what others hand over (docs/protocol.md OD7).
 *
 * Nothing is noted of what was done: what is to be handed over is compared with what stands there, so it goes on after a crash where
 * it was, and what was taken back, has faded or is not to be handed over any more goes from there too.
 */
import { bytesToBase64Url, equalBytes, type Bytes } from '../base/bytes.ts';
import { dayMs, type Clock } from '../base/clock.ts';
import type { CircleId, DeviceId, MapKey, RecordHash } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { CircleState } from '../circle/epochs.ts';
import { isIn, personOfDevice } from '../circle/roster.ts';
import { kinds } from '../records/kinds.ts';
import { handedKeysMax, handedKeysToBody, type HandedKey } from '../records/handed-keys.ts';
import type { Author, Saying } from '../store/author.ts';
import type { LocalCircle } from '../store/circles.ts';
import { ContentKeys } from '../store/content-keys.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../store/database.ts';
import { heldRows } from '../store/held-rows.ts';
import {
  mutedIn,
  opensRow,
  privateDates,
  readableRows,
  type HandedRecord,
  type ReadableRow
} from '../store/handed-keys.ts';
import type { Vault } from '../store/vault.ts';

/** A device that came into a circle by the word of another of its person. */
export interface Newcomer {
  readonly device: DeviceId;
  /** When it was let in, milliseconds since 1970 by the clock of who let it in. */
  readonly sinceMs: number;
}

/** So long after a device came in, friends may still seal to those that they knew before. */
export const handingGraceMs = 7 * dayMs;

/**
 * Of devices that asked to be let into a circle, those that `me` hands keys to: they are in, are the same person's, and came in by
 * `me`, or by a device that is out by now.
 */
export const newcomersOf = ({ roster, sorted }: CircleState, me: DeviceId, asked: readonly DeviceId[]): Newcomer[] => {
  const person = personOfDevice(roster, me);
  if (!isIn(roster, me)) return [];
  return asked.flatMap((device): Newcomer[] => {
    if (device === me || !isIn(roster, device) || personOfDevice(roster, device) !== person) return [];
    const addition = sorted?.additions.find(
      (each) =>
        each.type === 'add-device' && each.device.id === device && personOfDevice(roster, each.author) === person
    );
    if (addition === undefined || (addition.author !== me && isIn(roster, addition.author))) return [];
    return [{ device, sinceMs: addition.time.ms }];
  });
};

export interface KeyHandingDependencies {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly author: Author;
  readonly clock: Clock;
  readonly random: Random;
}

/** A key that was handed over here and has opened nothing yet. */
interface Pending extends HandedKey {
  /** The record that it was tried on and did not open. */
  readonly tried?: RecordHash;
}

export class KeyHanding {
  readonly #deps: KeyHandingDependencies;
  readonly #own: LocalCircle;
  readonly #contentKeys: ContentKeys;
  /** What was there, by circle, when all was handed over: as long as it is the same, nothing is looked through again. */
  readonly #settled = new Map<number, string>();
  /** By the record they came in. */
  readonly #pending = new Map<RecordHash, readonly Pending[]>();

  constructor(deps: KeyHandingDependencies, own: LocalCircle) {
    this.#deps = deps;
    this.#own = own;
    this.#contentKeys = new ContentKeys(deps.database, deps.vault);
  }

  /**
   * Hands over what `newcomers` lack of a circle, and withdraws what nobody is to have any more. `handed`: by all devices that are in.
   * What the disk refuses is said when there is something new.
   */
  async handOver(
    circle: LocalCircle,
    state: CircleState,
    newcomers: readonly Newcomer[],
    handed: readonly HandedRecord[]
  ): Promise<void> {
    const { database, vault, author, clock } = this.#deps;
    const me = this.#own.keyring.device.id;
    const here = handed.filter((each) => each.circle === circle.keyring.circle);
    if (newcomers.length === 0 && !here.some(({ by }) => by === me)) return;
    const untilMs = Math.max(...newcomers.map(({ sinceMs }) => sinceMs + handingGraceMs), 0);
    const [muted, dates] = await Promise.all([
      mutedIn(database, vault, circle.n),
      privateDates(database, circle.n, untilMs)
    ]);
    const found = JSON.stringify([newcomers, [...muted], here.map(({ hash }) => hash), dates]);
    if (this.#settled.get(circle.n) === found) return;
    const lacking = new Map<MapKey, Lacking>();
    const places = { database, contentKeys: this.#contentKeys };
    for await (const page of readableRows(places, circle, { nowMs: clock.nowMs(), untilMs }))
      for (const { row, contentKey } of page) {
        const person = personOfDevice(state.roster, row.device);
        if (person !== undefined && muted.has(person)) continue;
        if (newcomers.some((newcomer) => lacks(newcomer, row, circle.keyring.device.id)))
          lacking.set(row.key, { contentKey, expMs: row.exp ?? null });
      }
    const mine = here.filter(({ by, expMs }) => by === me && (expMs === null || expMs > clock.nowMs()));
    const missing = missingOf(here, lacking);
    const sayings = [
      ...mine.flatMap((record) => restated(record, lacking, missing)),
      ...handings(circle.keyring.circle, [...missing], this.#deps.random)
    ];
    for (const saying of sayings) if (!(await author.say(this.#own, saying)).ok) return;
    if (sayings.length === 0) this.#settled.set(circle.n, found);
  }

  /** Takes in what other devices handed over of a circle, as far as it opens something here. */
  async takeIn(circle: LocalCircle, handed: readonly HandedRecord[]): Promise<void> {
    const me = this.#own.keyring.device.id;
    const opening: ReadableRow[] = [];
    for (const { hash, by, circle: id, keys } of handed) {
      if (by === me || id !== circle.keyring.circle) continue;
      const { opens, left } = await this.#tryAll(circle, this.#pending.get(hash) ?? keys);
      opening.push(...opens);
      this.#pending.set(hash, left);
    }
    if (opening.length === 0) return;
    const taken = await this.#contentKeys.takeIn(circle.n, opening);
    // What the disk refused is tried again when there is something new.
    if (!taken.ok) this.#pending.clear();
  }

  /** Which of these keys open something that is closed here, and which may yet: where nothing stands so far, or something else. */
  async #tryAll(
    circle: LocalCircle,
    keys: readonly Pending[]
  ): Promise<{ readonly opens: ReadableRow[]; readonly left: Pending[] }> {
    const places = keys.map(({ key }) => ({ circle: circle.n, key }));
    const rows = (await heldRows(this.#deps.database, places)).map((row) =>
      row?.kind === kinds.private ? row : undefined
    );
    const known = await this.#contentKeys.readMany(
      circle.n,
      rows.filter((row) => row !== undefined)
    );
    const opens: ReadableRow[] = [];
    const left: Pending[] = [];
    for (const [i, each] of keys.entries()) {
      const row = rows[i];
      if (row === undefined || each.tried === row.hash) left.push(each);
      else if ((known.get(row.hash) ?? null) !== null) continue;
      else if (await opensRow(circle, row, each.contentKey)) opens.push({ row, contentKey: each.contentKey });
      else left.push({ ...each, tried: row.hash });
    }
    return { opens, left };
  }
}

/** What opens something that a newcomer can't, and when that fades. */
interface Lacking {
  readonly contentKey: Bytes;
  readonly expMs: number | null;
}

/**
 * Whether a device may be unable to open what was said then. Seals don't tell whom they are for; but nothing was sealed to a device
 * that nobody knew, and oneself and the device itself knew it at once.
 */
const lacks = (
  { device, sinceMs }: Newcomer,
  { at, device: author }: Pick<EnvelopeRow, 'at' | 'device'>,
  me: DeviceId
): boolean => at <= sinceMs || (at <= sinceMs + handingGraceMs && author !== me && author !== device);

/** What stands nowhere in `here` of what is lacking. */
const missingOf = (here: readonly HandedRecord[], lacking: ReadonlyMap<MapKey, Lacking>): Map<MapKey, Lacking> => {
  const there = Map.groupBy(
    here.flatMap(({ keys }) => keys),
    ({ key }) => key
  );
  return new Map(
    [...lacking].filter(
      ([key, { contentKey }]) => there.get(key)?.some((known) => equalBytes(known.contentKey, contentKey)) !== true
    )
  );
};

/**
 * The next version of a record that holds what is not to be handed over any more; nothing where all of it still is. What took the place
 * of that is handed over there, and is `missing` no more: a friend who changes their words again and again fills nobody's own circle.
 */
const restated = (
  { circle, keys, slot, expMs }: HandedRecord,
  lacking: ReadonlyMap<MapKey, Lacking>,
  missing: Map<MapKey, Lacking>
): Saying[] => {
  const now = keys.flatMap(({ key, contentKey }): HandedKey[] => {
    const still = lacking.get(key);
    if (still === undefined) return [];
    if (equalBytes(still.contentKey, contentKey)) return [{ key, contentKey }];
    if (still.expMs !== expMs || !missing.delete(key)) return [];
    return [{ key, contentKey: still.contentKey }];
  });
  if (now.length === keys.length && now.every((each, i) => each.contentKey === keys[i]?.contentKey)) return [];
  if (now.length === 0) return [{ kind: kinds.gone, slot, body: {}, expMs: null }];
  return [{ kind: kinds.contentKeys, slot, body: handedKeysToBody({ circle, keys: now }), expMs }];
};

/** Together stand keys of what fades together: they fade with it. */
const handings = (circle: CircleId, missing: readonly (readonly [MapKey, Lacking])[], random: Random): Saying[] =>
  [...Map.groupBy(missing, ([, { expMs }]) => expMs)].flatMap(([expMs, entries]) => {
    const keys = entries.map(([key, { contentKey }]): HandedKey => ({ key, contentKey }));
    const parts = Array.from({ length: Math.ceil(keys.length / handedKeysMax) }, (_, i) =>
      keys.slice(i * handedKeysMax, (i + 1) * handedKeysMax)
    );
    return parts.map((part): Saying => {
      const slot = `keys/${bytesToBase64Url(random.bytes(16))}`;
      return { kind: kinds.contentKeys, slot, body: handedKeysToBody({ circle, keys: part }), expMs };
    });
  });
