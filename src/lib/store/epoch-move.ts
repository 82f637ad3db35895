/**
 * Moving a circle's rows into another epoch, or back to one (docs/protocol.md EP11).
 *
 * What was signed stays as it was; each envelope is sealed anew. All crypto is done first, then one transaction looks whether every
 * row is still one that was sealed anew, and writes them all together with the keyring, or none and begins again with what is new. A
 * crash leaves either all of the old or all of the new.
 */
import Dexie from 'dexie';
import { assert } from '../base/assert.ts';
import { equalBytes, type Bytes } from '../base/bytes.ts';
import type { MapKey } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { err, ok, type Result } from '../base/result.ts';
import { openEnvelope } from '../records/opened-envelope.ts';
import { deriveEpochKeys, type EpochKeys } from '../records/epoch-keys.ts';
import { sealAgain } from '../records/opened-record.ts';
import { sayLock, type Exclusively } from './author.ts';
import type { Circles, LocalCircle } from './circles.ts';
import {
  toStorageError,
  type CircleRow,
  type EnvelopeRow,
  type ShoulderDatabase,
  type StorageError
} from './database.ts';
import { pagesOfCircle } from './envelope-pages.ts';
import { fadedKind } from './fading.ts';
import type { EpochSecret } from './keyring.ts';
import { enteredKeyring } from './entered-keyring.ts';
import { untilWritten } from './until-written.ts';

export interface EpochMoveDependencies {
  readonly database: ShoulderDatabase;
  readonly circles: Pick<Circles, 'wrap' | 'unwrap'>;
  readonly random: Random;
  /** As the author's: nothing is said while a circle moves. */
  readonly exclusively: Exclusively;
  readonly nowMs: number;
}

/** A row as it was, and its envelope as it is to be. */
interface Moved {
  readonly from: Bytes;
  readonly to: Bytes;
}

/** Envelopes sealed at a time. */
const batchRows = 200;

/**
 * Makes an epoch the current one of a circle, with all that is kept of the circle sealed in it, and swaps the keys of `circle` in
 * place. `forgetOlder` deletes the secrets of all other epochs, but not their lighthouses. What relays keep counts for an epoch's
 * own mailbox, so that is forgotten; so is what a locked device carries with. A row that no key here opens stays as it is.
 * Errors: what the disk refuses; nothing has happened then.
 */
export const enterEpoch = async (
  deps: EpochMoveDependencies,
  circle: LocalCircle,
  to: EpochSecret,
  { forgetOlder }: { readonly forgetOlder: boolean }
): Promise<Result<true, StorageError>> => {
  const { database, exclusively } = deps;
  try {
    return await exclusively(sayLock(database), async () => {
      await move(deps, circle, to, forgetOlder);
      await circle.refresh();
      return ok(true);
    });
  } catch (error) {
    return err(toStorageError(error));
  }
};

const move = async (
  { database, circles, random, nowMs }: EpochMoveDependencies,
  circle: LocalCircle,
  to: EpochSecret,
  forgetOlder: boolean
): Promise<void> => {
  const moved = new Map<MapKey, Moved>();
  await untilWritten(async () => {
    await circle.refresh();
    const row = await database.circles.get(circle.n);
    assert(row !== undefined && circle.isAsIn(row), 'a circle one is in moves');
    const { keyring } = circle;
    const keys = await deriveEpochKeys(keyring.circle, to.epoch, to.secret, keyring.slot);
    for await (const page of pagesOfCircle(database, circle.n, batchRows))
      await Promise.all(
        page.filter((each) => !isMoved(each, moved)).map((each) => sealRow(each, { circle, keys, random, moved }))
      );
    const entered = await enteredKeyring(await circles.unwrap(row), to, { forgetOlder, nowMs });
    const sealed = await circles.wrap(keyring.circle, entered);
    return writeAll(database, row, sealed, moved);
  });
};

const sealRow = async (
  { key, bytes }: EnvelopeRow,
  { circle, keys, random, moved }: { circle: LocalCircle; keys: EpochKeys; random: Random; moved: Map<MapKey, Moved> }
): Promise<void> => {
  const opened = await openEnvelope(bytes, [keys, ...circle.keyring.epochs]);
  const isThere = opened.ok && opened.value.keys === keys;
  const to = opened.ok && !isThere ? await sealAgain(keys, { signed: opened.value.sign1 }, random) : bytes;
  moved.set(key, { from: bytes, to });
};

/** A marker has nothing to be sealed. Bytes that are the same hold the same record. */
const isMoved = ({ kind, key, bytes }: EnvelopeRow, moved: ReadonlyMap<MapKey, Moved>): boolean => {
  if (kind === fadedKind) return true;
  const known = moved.get(key);
  return known !== undefined && equalBytes(known.from, bytes);
};

/** Whether every row that is there now was sealed anew and the keyring is still the one it was, and all is written. */
const writeAll = (
  database: ShoulderDatabase,
  { n, sealed: before }: CircleRow,
  sealed: Bytes,
  moved: ReadonlyMap<MapKey, Moved>
): Promise<boolean> => {
  const { circles, envelopes, mail, mailboxes, carriers } = database;
  return database.transaction('rw', [circles, envelopes, mail, mailboxes, carriers], async () => {
    const row = await circles.get(n);
    if (row === undefined || !equalBytes(row.sealed, before)) return false;
    for await (const page of pagesOfCircle(database, n)) if (page.some((each) => !isMoved(each, moved))) return false;
    for await (const page of pagesOfCircle(database, n))
      await envelopes.bulkPut(page.flatMap((each) => toMoved(each, moved)));
    await circles.update(n, { sealed });
    await mail.where('[circle+relay+key]').between([n, Dexie.minKey], [n, Dexie.maxKey]).delete();
    await mailboxes.where('[circle+relay]').between([n, Dexie.minKey], [n, Dexie.maxKey]).delete();
    await carriers.delete(n);
    return true;
  });
};

const toMoved = (row: EnvelopeRow, moved: ReadonlyMap<MapKey, Moved>): EnvelopeRow[] => {
  const to = row.kind === fadedKind ? undefined : moved.get(row.key)?.to;
  return to === undefined || to === row.bytes ? [] : [{ ...row, bytes: to }];
};
