/** The in-process mailbox keeps the port's contract: what a simulation proves over it holds over a relay. */
import { expect, test } from 'vitest';
import { systemClock } from '../../src/lib/base/clock.ts';
import { unwrap } from '../../src/lib/base/result.ts';
import type { MailId } from '../../src/lib/sync/envelope-carrier.ts';
import { createHandClock } from '../unit/relay/hand-clock.ts';
import { describeEnvelopeCarrier } from './envelope-carrier.ts';
import { createMailPost } from './in-process-carrier.ts';

describeEnvelopeCarrier('in process', async ({ eventsMax = Infinity }) => {
  const post = createMailPost(systemClock);
  post.eventsMax = eventsMax;
  return {
    createMailbox: async (epoch) => post.createMailbox(epoch),
    stop: async () => post.setUp(false),
    start: async () => post.setUp(true),
    restartEmpty: async () => {
      post.setUp(false);
      post.empty();
      post.setUp(true);
    },
    close: async () => undefined
  };
});

test('mail that has expired is not handed out', async () => {
  const clock = createHandClock();
  const mailbox = createMailPost(clock).createMailbox('this');
  mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
  const envelope = Uint8Array.of(1);
  const mail = [{ envelope, expiresMs: clock.nowMs() + 1000 }, { envelope }];
  const [fading, lasting] = (await mailbox.push(mail, 'single')).each.map(unwrap);
  clock.advance(1000);
  expect(unwrap(await mailbox.has([fading, lasting] as MailId[]))).toEqual(new Set([lasting]));
  mailbox.close();
});
