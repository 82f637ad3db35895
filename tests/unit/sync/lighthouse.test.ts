/** One former epoch that is still served, from opening to opening: what its mailbox brings. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { assert } from '../../../src/lib/base/assert.ts';
import { utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import type { DeviceId } from '../../../src/lib/base/ids.ts';
import type { Outcome } from '../../../src/lib/sync/inbox.ts';
import { Lighthouse } from '../../../src/lib/sync/lighthouse.ts';
import { createReplicaStore, type ReplicaStore } from '../../../src/lib/sync/replica-store.ts';
import { createMailPost, type MailPost } from '../../contract/in-process-carrier.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { FoundedCircle } from '../circle/friends.ts';
import { createHandClock, type HandClock } from '../relay/hand-clock.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

const name = 'the mailbox of the former epoch';

let clock: HandClock;
let post: MailPost;
let device: TestDevice;
let replicas: ReplicaStore;

beforeEach(async () => {
  vi.spyOn(console, 'debug').mockReturnValue();
  clock = createHandClock();
  post = createMailPost(clock);
  const circle = await FoundedCircle.by();
  device = await testDevice(circle, circle.founder, clock);
  replicas = createReplicaStore(`replicas of a lighthouse ${device.local.keyring.device.id}`);
});
afterEach(() => {
  replicas.close();
  vi.restoreAllMocks();
});

const leave = async (text: string): Promise<void> => {
  const mailbox = post.createMailbox(name);
  mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
  const { each } = await mailbox.push([{ envelope: utf8ToBytes(text) }], 'packed');
  assert(each[0]?.ok === true, 'it was left there');
  mailbox.close();
};

/** What it brings while it is lit once; `outcome`: what becomes of each. */
const lit = async (outcome: (text: string) => Outcome): Promise<string[]> => {
  const brought: string[] = [];
  const mailbox = post.createMailbox(name);
  const lighthouse = new Lighthouse(
    {
      ...{ database: device.database, replicas, clock, random: seededRandom(3) },
      openRoom: () => ({ wake: () => undefined, close: () => undefined }),
      createMailboxes: async () => [mailbox],
      receive: async (arrivals) =>
        arrivals.map(({ bytes }) => {
          const text = new TextDecoder().decode(bytes);
          brought.push(text);
          return outcome(text);
        })
    },
    device.local,
    device.local.keyring.current.lighthouse,
    [mailbox.id]
  );
  lighthouse.start();
  await vi.waitFor(() => expect(brought).not.toEqual([]));
  await lighthouse.idle();
  await lighthouse.stop();
  return brought;
};

const waits: Outcome = { type: 'waits', waiting: { type: 'UnknownDevice', device: 'jo' as DeviceId } };

test('[EP12] what waits is read once more at the next opening, and what was taken in is not', async () => {
  await leave('that Jo was let in');
  await leave('what Jo said');
  const both = ['that Jo was let in', 'what Jo said'];
  expect((await lit((text) => (text.startsWith('what') ? waits : { type: 'held' }))).toSorted()).toEqual(both);
  expect((await lit(() => ({ type: 'held' }))).toSorted()).toEqual(both);
  await leave('something new');
  expect(await lit(() => ({ type: 'held' }))).toEqual(['something new']);
});
