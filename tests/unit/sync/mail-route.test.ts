/** What a device notes of one relay, from opening to opening: what is there, and what went. */
import { beforeEach, describe, expect, test } from 'vitest';
import { utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { dayMs, hourMs } from '../../../src/lib/base/clock.ts';
import type { DeviceId, MapKey, RecordHash } from '../../../src/lib/base/ids.ts';
import type { EnvelopeRow, ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { relaysKeeping } from '../../../src/lib/store/kept-mail.ts';
import { oweMail } from '../../../src/lib/store/mail.ts';
import type { Mailbox, MailId } from '../../../src/lib/sync/envelope-carrier.ts';
import { MailRoute } from '../../../src/lib/sync/mail-route.ts';
import { createMailPost, type MailPost } from '../../contract/in-process-carrier.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { createHandClock, type HandClock } from '../relay/hand-clock.ts';
import { memoryDatabase } from '../store/memory-database.ts';

const name = 'the mailbox of the circle';
const relay = 'wss://home.example';
const random = seededRandom(11);

let clock: HandClock;
let relayClock: HandClock;
let post: MailPost;
let database: ShoulderDatabase;

beforeEach(() => {
  clock = createHandClock();
  relayClock = createHandClock();
  post = createMailPost(relayClock, relay);
  database = memoryDatabase();
});

/** Something that this device said, owed to the relay; its envelope is its name. */
const say = async (slot: string, exp?: number): Promise<EnvelopeRow> => {
  const row: EnvelopeRow = {
    ...{ circle: 1, key: slot as MapKey, bytes: utf8ToBytes(slot), hash: `hash of ${slot}` as RecordHash },
    ...{ kind: 32, device: 'ana' as DeviceId, at: clock.nowMs(), ver: 1, seq: 1 },
    ...(exp === undefined ? {} : { exp })
  };
  await database.envelopes.put(row);
  await oweMail(database, 1, [relay], [row.key]);
  return row;
};

/** The app is opened, does what there is to do, and is closed; `onRead`: what happens whenever it has read something. */
const visit = async (onRead: (route: MailRoute) => void = () => undefined): Promise<void> => {
  const route: MailRoute = await new Promise((resolve) => {
    const opened = new MailRoute(
      {
        ...{ database, clock, random, ownDevice: 'ana' as DeviceId, refillsAtOnce: true },
        receive: async () => {
          onRead(opened);
          return true;
        },
        carried: async () => () => true,
        onStatus: () => resolve(opened)
      },
      1,
      post.createMailbox(name)
    );
    opened.start();
  });
  await route.idle();
  await route.stop();
};

const asFriend = async <T>(look: (mailbox: Mailbox) => Promise<T>): Promise<T> => {
  const mailbox = post.createMailbox(name);
  mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
  const seen = await look(mailbox);
  mailbox.close();
  return seen;
};

/** What a friend would find there who never looked before. */
const there = (): Promise<string[]> =>
  asFriend(async (mailbox) => {
    const found: string[] = [];
    for await (const delivery of mailbox.pull()) {
      if (!delivery.ok) throw new Error(delivery.error.type);
      found.push(...delivery.value.arrivals.map(({ envelope }) => new TextDecoder().decode(envelope)));
    }
    return found.toSorted();
  });

/** It is removed there, as whoever can open it may. */
const remove = async (slot: string): Promise<void> => {
  const note = await database.mail.get([1, relay, slot as MapKey]);
  await asFriend((mailbox) => mailbox.remove([note?.id as MailId]));
};

/** What the relay keeps, by what was noted of it. */
const noted = async (rows: readonly EnvelopeRow[]): Promise<string[]> => {
  const kept = await Promise.all(rows.map(async (row) => (await relaysKeeping(database, 1, row)).length > 0));
  return rows.filter((_, i) => kept[i]).map(({ key }) => key);
};

describe('[MR4] a letter that is gone', () => {
  test.each([
    ['ran out there, by a clock that is ahead', async () => relayClock.advance(dayMs), ['one', 'two']],
    ['was removed there', () => remove('short'), ['one', 'short', 'two']]
  ])('since it %s, is no reason to miss nothing later', async (_, goes, left) => {
    const rows = [await say('one'), await say('short', clock.nowMs() + hourMs), await say('two')];
    await visit();
    await goes();
    await visit();
    expect(await there()).toEqual(left);
    expect(await noted(rows)).toEqual(left);
    post.empty();
    await visit();
    // Who comes late finds all that was said.
    expect(await there()).toEqual(left);
  });

  test('is put back, though the app was closed while it looked what else is gone', async () => {
    const names = Array.from({ length: 240 }, (_, i) => `${1000 + i}`);
    // Fewer than a hundred at a time, so that each has a letter of its own.
    for (let at = 0; at < names.length; at += 80) {
      for (const slot of names.slice(at, at + 80)) await say(slot);
      await visit();
      clock.advance(1);
    }
    await say('short', clock.nowMs() + hourMs);
    await visit();
    await remove('1000');
    await remove('short');
    // There is more to read than one page.
    await visit((route) => void route.stop());
    expect(await there()).toEqual(names.slice(1));
    // What gave it away has run out, and the other is one of many to be asked for.
    clock.advance(hourMs);
    await visit();
    expect(await there()).toEqual(names);
  });
});
