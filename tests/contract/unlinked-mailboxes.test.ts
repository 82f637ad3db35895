/**
 * [MB2] Nothing in what one mailbox is told, on a relay as strict as strfry, is found in what another one is told: of the
 * next epoch, of another circle, or on another relay. Even where the very same envelopes are left in both.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/base/clock.ts';
import { bytesToId, type CircleId, type EpochId } from '../../src/lib/base/ids.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { unwrap } from '../../src/lib/base/result.ts';
import { mailboxKeys } from '../../src/lib/records/meeting-keys.ts';
import { createRelayMailbox } from '../../src/lib/sync/relay-mailbox.ts';
import { startServer, type RunningServer } from '../../src/relay/server.ts';
import { linkBetween, tells, trailOf, type Trail } from '../e2e/harness/relay-search.ts';
import { collect, letters } from './letters.ts';
import { startStrictRelay, type StrictRelay } from './strict-relay.ts';
import { foundingKeys } from '../unit/records/founding-keys.ts';

/** Who: a circle's epoch, each a number that its ids and its secret are made of. */
interface Epoch {
  readonly circle: number;
  readonly epoch: number;
}

const firstEpoch: Epoch = { circle: 1, epoch: 1 };
const words = letters(4);

let servers: RunningServer[];
let relays: StrictRelay[];

beforeEach(async () => {
  servers = [await startServer({ host: '127.0.0.1', port: 0 }), await startServer({ host: '127.0.0.1', port: 0 })];
  relays = await Promise.all(servers.map(({ relayUrl }) => startStrictRelay({ relayUrl, clock: systemClock })));
});

afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.close()));
  await Promise.all(servers.map((server) => server.close()));
});

/** Everything a device says over one visit in which it reads, leaves, looks for, packs and takes back the same words. */
const visit = async ({ circle, epoch }: Epoch, at: number): Promise<Trail> => {
  const { url, said } = relays[at] as StrictRelay;
  const before = said.length;
  const keys = await mailboxKeys((await epochKeys({ circle, epoch })).lighthouse, url);
  const mailbox = createRelayMailbox({ keys, clock: systemClock, random: systemRandom });
  mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
  const pages = await collect(mailbox.pull());
  expect(pages.every(({ ok }) => ok)).toBe(true);
  const { confirmed, each } = await mailbox.push(words, 'single');
  expect(confirmed).toBe(words.length);
  expect((await mailbox.push(words, 'packed')).confirmed).toBe(words.length);
  const ids = each.map(unwrap);
  expect(unwrap(await mailbox.has(ids)).size).toBe(words.length);
  expect((await mailbox.remove(ids.slice(0, 2))).confirmed).toBe(2);
  mailbox.close();
  const frames = said.slice(before);
  for (const verb of ['AUTH', 'REQ', 'EVENT']) expect(frames.map(([first]) => first)).toContain(verb);
  return trailOf(frames, url);
};

const secretOf = ({ circle, epoch }: Epoch): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(circle * 16 + epoch);

const epochKeys = (of: Epoch) =>
  foundingKeys(
    bytesToId<CircleId>(new Uint8Array(16).fill(of.circle)),
    bytesToId<EpochId>(new Uint8Array(16).fill(of.epoch)),
    secretOf(of)
  );

describe('two visits', () => {
  test.each<[string, Epoch, number]>([
    ['in two epochs of one circle', { circle: 1, epoch: 2 }, 0],
    ['in one epoch, on two relays', firstEpoch, 1],
    ['in two circles', { circle: 2, epoch: 1 }, 0]
  ])('%s have nothing in common', async (_name, other, at) => {
    const [one, two] = [await visit(firstEpoch, 0), await visit(other, at)];
    expect(one.size).toBeGreaterThan(1000);
    expect(linkBetween(one, two)).toBeUndefined();
    for (const epoch of [firstEpoch, other]) {
      for (const trail of [one, two]) expect(tells(trail, secretOf(epoch))).toBe(false);
    }
    for (const { envelope } of words) expect([tells(one, envelope), tells(two, envelope)]).toEqual([false, false]);
  });

  test('in one epoch on one relay are seen to be to one mailbox', async () => {
    expect(linkBetween(await visit(firstEpoch, 0), await visit(firstEpoch, 0))).toBeDefined();
  });
});
