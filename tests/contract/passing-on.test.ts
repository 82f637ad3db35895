/** What came straight from a friend's phone while the relay was away, and whose author sleeps: friends leave it there. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { systemRandom } from '../../src/lib/base/random.ts';
import type { Bytes } from '../../src/lib/base/bytes.ts';
import type { MapKey } from '../../src/lib/base/ids.ts';
import { passOnDelayMaxMs } from '../../src/lib/base/limits.ts';
import { toEnvelopeRow } from '../../src/lib/store/envelopes.ts';
import type { Mailbox } from '../../src/lib/sync/envelope-carrier.ts';
import { CircleMail } from '../../src/lib/sync/circle-mail.ts';
import { Inbox } from '../../src/lib/sync/inbox.ts';
import { seededRandom } from '../unit/base/seeded-random.ts';
import { FoundedCircle, friend, type Friend } from '../unit/circle/friends.ts';
import { createHandClock, type HandClock } from '../unit/relay/hand-clock.ts';
import { testDevice, type TestDevice } from '../unit/store/memory-database.ts';
import { createMailPost, type MailPost } from './in-process-carrier.ts';

interface Phone {
  readonly device: TestDevice;
  readonly mail: CircleMail;
}

const name = 'the mailbox of the circle';

let clock: HandClock;
let post: MailPost;
let circle: FoundedCircle;
let [ana, bo, mia]: Friend[] = [];

beforeEach(async () => {
  clock = createHandClock();
  post = createMailPost(clock);
  circle = await FoundedCircle.by();
  [ana, bo, mia] = await Promise.all([0, 1, 2].map(friend));
});

/** A friend's phone with everybody on its roster, looking at the relay. */
const phoneOf = async (owner: Friend | undefined): Promise<Phone> => {
  if (owner === undefined || ana === undefined || bo === undefined || mia === undefined)
    throw new Error('three friends');
  const device = await testDevice(circle, owner, clock);
  const { database, local } = device;
  const inbox = new Inbox({ database, clock, random: systemRandom }, local);
  const statements = [await circle.genesis(), await circle.addition(ana, bo), await circle.addition(ana, mia)];
  await inbox.receive(statements.map(({ envelope }) => ({ bytes: envelope })));
  return { device, mail: await openMail(device) };
};

/** Ana's words, on this phone by way of another. */
const hears = async ({ device, mail }: Phone): Promise<{ key: MapKey; envelope: Bytes }> => {
  const record = await circle.say(ana as Friend, { seq: 12, slot: 'now' });
  await device.database.envelopes.put(toEnvelopeRow(device.local, record, record.envelope));
  mail.passOn([record.key]);
  return record;
};

/** All that lies in the mailbox, whatever was put back there of the roster left out. */
const timesKept = async (envelope: Bytes): Promise<number> => {
  const mailbox: Mailbox = post.createMailbox(name);
  mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
  let times = 0;
  for await (const delivery of mailbox.pull()) {
    if (!delivery.ok) throw new Error(delivery.error.type);
    times += delivery.value.arrivals.filter((one) => Buffer.compare(one.envelope, envelope) === 0).length;
  }
  mailbox.close();
  return times;
};

describe('[MR8] passing on', () => {
  test('once the relay is back, it is there, though its author sleeps', async () => {
    const phone = await phoneOf(bo);
    await phone.mail.idle();
    post.setUp(false);
    const { envelope } = await hears(phone);
    clock.advance(passOnDelayMaxMs);
    await vi.waitFor(async () =>
      expect(await phone.device.database.mail.filter(({ due }) => due === 1).count()).toBe(1)
    );
    post.setUp(true);
    await vi.waitFor(async () => {
      clock.advance(1000);
      expect(await timesKept(envelope)).toBe(1);
    });
    await phone.mail.stop();
  });

  test('what its author left there meanwhile is not left again', async () => {
    const phone = await phoneOf(bo);
    await phone.mail.idle();
    const { envelope } = await hears(phone);
    const anas = post.createMailbox(name);
    anas.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
    expect((await anas.push([{ envelope }], 'single')).confirmed).toBe(1);
    await phone.mail.idle();
    clock.advance(passOnDelayMaxMs);
    await phone.mail.idle();
    expect(await phone.device.database.mail.count(), 'nothing is owed').toBe(0);
    expect(await timesKept(envelope)).toBe(1);
    await phone.mail.stop();
  });

  test('of two who have it, whoever comes second sees it there and leaves nothing', async () => {
    const [bos, mias] = [await phoneOf(bo), await phoneOf(mia)];
    await Promise.all([bos.mail.idle(), mias.mail.idle()]);
    post.setUp(false);
    const { envelope, key } = await hears(bos);
    const row = await bos.device.database.envelopes.get([bos.device.local.n, key]);
    if (row === undefined) throw new Error('Bo has it');
    await mias.device.database.envelopes.put({ ...row, circle: mias.device.local.n });
    mias.mail.passOn([key]);
    clock.advance(passOnDelayMaxMs);
    const owed = (phone: Phone) => phone.device.database.mail.filter(({ due }) => due === 1).count();
    await vi.waitFor(async () => expect([await owed(bos), await owed(mias)]).toEqual([1, 1]));
    await mias.mail.stop();
    post.setUp(true);
    await vi.waitFor(async () => {
      clock.advance(1000);
      expect(await owed(bos)).toBe(0);
    });
    const again = await openMail(mias.device);
    await vi.waitFor(async () => {
      clock.advance(1000);
      expect(await owed(mias)).toBe(0);
    });
    expect(await timesKept(envelope)).toBe(1);
    await Promise.all([bos.mail.stop(), again.stop()]);
  });
});

/** Opens the relay on a phone, for the first time or once more. */
const openMail = async ({ database, local }: TestDevice): Promise<CircleMail> => {
  const inbox = new Inbox({ database, clock, random: systemRandom }, local);
  const mail = new CircleMail(
    {
      ...{ database, clock, random: seededRandom(9) },
      createMailboxes: () => Promise.resolve([post.createMailbox(name)]),
      carried: () => Promise.resolve(() => true),
      receive: (envelopes) => inbox.receive(envelopes.map((bytes) => ({ bytes })))
    },
    local,
    ['wss://relay.example']
  );
  await mail.start();
  return mail;
};
