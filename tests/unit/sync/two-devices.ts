/**
 * Ana's phone, a laptop of hers, and a circle that at first only the phone is in: two disks, what runs on each for a person's own
 * devices, and a courier who carries envelopes from one to the other through the real inbox. A test imports `fake-indexeddb/auto`
 * before this.
 */
import { expect } from 'vitest';
import { OpenedRecords } from '../../../src/lib/app/opened-records.ts';
import { bytesToId, idToBytes, type PersonId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { sealPrivate } from '../../../src/lib/records/private.ts';
import type { SealedRecord } from '../../../src/lib/records/record.ts';
import { Author } from '../../../src/lib/store/author.ts';
import { Circles, type LocalCircle } from '../../../src/lib/store/circles.ts';
import { ContentKeys } from '../../../src/lib/store/content-keys.ts';
import { createDatabase, type EnvelopeRow, type ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { openVault, type Vault } from '../../../src/lib/store/vault.ts';
import { Inbox } from '../../../src/lib/sync/inbox.ts';
import { OwnDevices } from '../../../src/lib/sync/own-devices.ts';
import { HandClock } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { FoundedCircle, friend, random, type Friend, type Said } from '../circle/friends.ts';
import { keyringOf, queueLocks } from '../store/memory-database.ts';

/** The circle of friends: Ana's phone began it, Bo is in. */
export const table = await FoundedCircle.by(0);
/** Ana's own circle: begun by her phone, under other keys than at the table. */
export const own = await FoundedCircle.by(3);
export const [ana, bo, mia, phoneKeys, laptopKeys] = await Promise.all([
  friend(0),
  friend(1),
  friend(2),
  friend(3),
  friend(4)
]);
export const personOf = ({ device }: Friend): PersonId => bytesToId(idToBytes(device.id));

/** One of Ana's devices, awake. */
export interface Awake {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly circles: Circles;
  readonly author: Author;
  readonly clock: HandClock;
  readonly own: LocalCircle;
  /** Closed and opened again: whatever stood in memory is gone. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  idle(): Promise<void>;
}

let disks = 0;

/** A device that holds its own circle, with both in it, and perhaps the friends' circle, in which it is `who`'s. */
export const awake = async (owner: Friend, at: readonly FoundedCircle[], who = ana): Promise<Awake> => {
  const database = createDatabase(`disk ${++disks}`);
  const clock = new HandClock();
  const vault = await openVault(database, random);
  const circles = new Circles(database, vault);
  const author = new Author({ database, circles, clock, random, exclusively: queueLocks() });
  const add = async (circle: FoundedCircle, who: Friend, isOwn: boolean): Promise<LocalCircle> => {
    const sealed = await circles.wrap(circle.id, { ...keyringOf(circle, who), own: isOwn });
    // What was said by hand below has lower numbers.
    const row = { ...circles.newRow(circle.id, sealed), counter: 100, ...(isOwn ? { devices: 2 } : {}) };
    return circles.open({ ...row, n: await database.circles.add(row) });
  };
  const local = await add(own, owner, true);
  await hold(database, local, [await own.genesis(), await own.addDevice(phoneKeys, laptopKeys)]);
  for (const circle of at) {
    const there = await add(circle, who, false);
    await hold(database, there, [await circle.genesis(), await circle.addition(ana, bo)]);
  }
  const begin = (): OwnDevices => {
    const devices = new OwnDevices({ database, vault, circles, author, clock, random: seededRandom(disks) }, local);
    devices.start();
    return devices;
  };
  let running = begin();
  const stop = async (): Promise<void> => {
    running.stop();
    await running.idle();
  };
  return {
    ...{ database, vault, circles, author, clock, own: local, stop },
    restart: async () => {
      await stop();
      running = begin();
    },
    idle: () => running.idle()
  };
};

/** Stores records as the inbox would. */
export const hold = async (
  database: ShoulderDatabase,
  local: LocalCircle,
  records: readonly SealedRecord[]
): Promise<EnvelopeRow[]> => {
  const rows = records.map((record) => toEnvelopeRow(local, record, record.envelope));
  await database.transaction('rw', database.envelopes, () => putNewer(database, rows));
  return rows;
};

/** Carries everything from each to the other, again and again, until `isThere`. */
export const until = (pair: readonly Awake[], isThere: () => Promise<boolean>): Promise<void> =>
  expect
    .poll(
      async () => {
        await exchange(pair);
        return isThere();
      },
      { timeout: 8000, interval: 20 }
    )
    .toBe(true);

/** Carries everything until nobody says anything any more. */
export const settle = async (pair: readonly Awake[]): Promise<void> => {
  let before = '';
  let quiet = 0;
  await until(pair, async () => {
    const rows = await Promise.all(pair.map(({ database }) => database.envelopes.toArray()));
    const now = JSON.stringify(rows.flat().map(({ hash }) => hash));
    quiet = now === before ? quiet + 1 : 0;
    before = now;
    return quiet > 4;
  });
};

const exchange = async (pair: readonly Awake[]): Promise<void> => {
  for (const from of pair)
    for (const to of pair)
      if (from !== to)
        for (const circle of await from.circles.all()) {
          const there = await to.circles.byId(circle.keyring.circle);
          if (there === undefined) continue;
          const rows = await from.database.envelopes
            .where('[circle+key]')
            .between([circle.n], [circle.n, []])
            .toArray();
          const arrivals = rows.filter(({ bytes }) => bytes.length > 0).map(({ bytes }) => ({ bytes }));
          await new Inbox({ database: to.database, clock: to.clock, random }, there).receive(arrivals);
        }
  await Promise.all(pair.map((each) => each.idle()));
};

/** The friends' circle, as a device has it. */
export const tableOn = async ({ circles }: Awake): Promise<LocalCircle> => {
  const there = await circles.byId(table.id);
  if (there === undefined) throw new Error('the device is at the table');
  return there;
};

/** What `author` says at the table to `readers` and nobody else, sealed to the devices that they know of. */
export const inPrivate = async (
  author: Friend,
  readers: readonly Friend[],
  words: string,
  { slot = `private/${bytesToId(random.bytes(16))}`, ...said }: Said = {}
): Promise<SealedRecord> => {
  const inner = { kind: kinds.letter, to: readers.map(personOf), body: { id: random.bytes(16), words } };
  const agreeKeys = [author, ...readers].map(({ secrets }) => secrets.publicKeys.agree);
  const place = { circle: table.id, device: author.device.id, slot };
  const body = unwrap(await sealPrivate({ ...place, inner, agreeKeys }, random));
  return table.say(author, { slot, kind: kinds.private, body, ...said });
};

/** The private words that a device can read at the table, in no order that matters. */
export const wordsOn = async (device: Awake): Promise<string[]> => {
  const local = await tableOn(device);
  const records = new OpenedRecords(local, new ContentKeys(device.database, device.vault));
  const rows = (await device.database.envelopes.toArray()).filter(
    ({ circle, kind }) => circle === local.n && kind === kinds.private
  );
  const opened = await records.open(rows);
  return opened.map(({ body }) => (body as { words: string }).words).toSorted();
};

/** What stands in a device's own circle of keys that were handed over. */
export const handingsOn = async ({ database, own: local }: Awake): Promise<EnvelopeRow[]> =>
  (await database.envelopes.toArray()).filter(({ circle, kind }) => circle === local.n && kind === kinds.contentKeys);
