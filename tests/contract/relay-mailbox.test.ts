/** The relay adapter of the mailbox port: over the real relay on loopback, and over one as strict as strfry. */
import { describe, expect, test } from 'vitest';
import { hourMs, systemClock, type Clock } from '../../src/lib/base/clock.ts';
import { bytesToId, type CircleId, type EpochId } from '../../src/lib/base/ids.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import { mailboxKeys } from '../../src/lib/records/meeting-keys.ts';
import { createRelayMailbox } from '../../src/lib/sync/relay-mailbox.ts';
import type { NostrEvent } from '../../src/relay/event.ts';
import { startServer } from '../../src/relay/server.ts';
import { describeEnvelopeCarrier, type MailPlaceOptions } from './envelope-carrier.ts';
import { startStrictRelay } from './strict-relay.ts';
import { foundingKeys } from '../unit/records/founding-keys.ts';

const circle = bytesToId<CircleId>(new Uint8Array(16).fill(1));
const secrets = { this: new Uint8Array(32).fill(2), next: new Uint8Array(32).fill(3) };

const createMailbox = async (url: string, epoch: 'this' | 'next', clock: Clock = systemClock) => {
  const keys = await foundingKeys(circle, bytesToId<EpochId>(new Uint8Array(16)), secrets[epoch]);
  return createRelayMailbox({ keys: await mailboxKeys(keys.lighthouse, url), clock, random: systemRandom });
};

const startRelay = (port: number, { eventsMax }: MailPlaceOptions) =>
  startServer({ host: '127.0.0.1', port, limits: eventsMax === undefined ? {} : { mailboxEventsMax: eventsMax } });

describeEnvelopeCarrier('own relay', async (options) => {
  let server = await startRelay(0, options);
  const { port, relayUrl } = server;
  const start = async () => {
    server = await startRelay(port, options);
  };
  return {
    createMailbox: (epoch) => createMailbox(relayUrl, epoch),
    stop: () => server.close(),
    start,
    restartEmpty: async () => {
      await server.close();
      await start();
    },
    close: () => server.close()
  };
});

describeEnvelopeCarrier('strict relay', async (options) => {
  const clock = systemClock;
  let server = await startRelay(0, options);
  let strict = await startStrictRelay({ relayUrl: server.relayUrl, clock });
  const { port, url } = strict;
  const stop = async () => {
    await strict.close();
    await server.close();
  };
  const start = async () => {
    server = await startRelay(0, options);
    strict = await startStrictRelay({ relayUrl: server.relayUrl, clock, port });
  };
  return {
    createMailbox: (epoch) => createMailbox(url, epoch),
    stop,
    start,
    restartEmpty: async () => {
      await stop();
      await start();
    },
    close: stop
  };
});

describe('on a strict relay', () => {
  test('an opening takes a handful of frames, with signing in, reading and saying one thing', async () => {
    const server = await startRelay(0, {});
    const strict = await startStrictRelay({ relayUrl: server.relayUrl, clock: systemClock });
    const [ana, bo] = [await createMailbox(strict.url, 'this'), await createMailbox(strict.url, 'this')];
    for (const mailbox of [ana, bo]) {
      mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
      for await (const page of mailbox.pull()) expect(page.ok).toBe(true);
      expect((await mailbox.push([{ envelope: new Uint8Array(300) }], 'single')).confirmed).toBe(1);
    }
    expect(strict.answered.filter(([verb]) => verb === 'CLOSED')).not.toEqual([]); // it had to be signed in to
    const verbs = strict.said.map(([verb]) => verb);
    expect(verbs.filter((verb) => verb === 'AUTH')).toHaveLength(2);
    expect(verbs.filter((verb) => verb === 'EVENT')).toHaveLength(2);
    expect(verbs.filter((verb) => verb === 'REQ').length).toBeLessThanOrEqual(2 * 5);
    expect(verbs.length).toBeLessThanOrEqual(2 * 10);
    for (const mailbox of [ana, bo]) mailbox.close();
    await strict.close();
    await server.close();
  });

  test.each([-5, 5])('a phone whose clock is %i hours off reads and writes all the same', async (hours) => {
    const server = await startRelay(0, {});
    const strict = await startStrictRelay({ relayUrl: server.relayUrl, clock: systemClock });
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + hours * hourMs };
    const mailbox = await createMailbox(strict.url, 'this', clock);
    mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
    expect((await mailbox.push([{ envelope: new Uint8Array(300) }], 'single')).confirmed).toBe(1);
    const dates = strict.said.filter(([verb]) => verb === 'EVENT').map(([, event]) => (event as NostrEvent).created_at);
    expect(Math.abs((dates.at(-1) ?? 0) - systemClock.nowMs() / 1000)).toBeLessThan(60);
    mailbox.close();
    await strict.close();
    await server.close();
  });
});
