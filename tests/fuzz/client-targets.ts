/**
 * What the app takes from a relay: answers to what it asked, and signals that are passed on.
 */
import type { Topic } from '../../src/lib/base/ids.ts';
import type { Result } from '../../src/lib/base/result.ts';
import { mailFrameBytesMax } from '../../src/lib/sync/mail-event.ts';
import { readSignalEvent } from '../../src/lib/sync/nostr-event.ts';
import { createNostrKey } from '../../src/lib/sync/nostr-key.ts';
import { answerDeadlineMs, RelayConnection } from '../../src/lib/sync/relay-connection.ts';
import { RelayRequests } from '../../src/lib/sync/relay-requests.ts';
import { RelayTime } from '../../src/lib/sync/relay-time.ts';
import { createRelayTransport } from '../../src/lib/sync/relay-transport.ts';
import { createHandClock } from '../unit/relay/hand-clock.ts';
import { keysOf, signEvent, signMail } from '../unit/relay/signed-event.ts';
import * as scene from './scene.ts';
import { jsonTarget, must, parsedJson, refusedAs, type Outcome, type Target } from './target.ts';

const nowMs = 1_700_000_000_000;
const mail = signMail(keysOf(1).publicKey);

/** A socket that says what it is told to. */
class FedSocket extends EventTarget {
  readonly readyState = 1;
  readonly sent: string[] = [];
  send(frame: string): void {
    this.sent.push(frame);
  }
  close(): void {}
  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
const asSocket = (socket: FedSocket): WebSocket => socket as unknown as WebSocket;

const key = createNostrKey(new Uint8Array(48).fill(3), scene.sameNonce);
const failures = ['Offline', 'TimedOut', 'AuthRequired', 'RateLimited', 'TooLarge', 'Expired', 'Refused', 'Closed'];
const url = 'wss://relay.example/relay';
const answers: readonly unknown[] = [
  ['EVENT', 'm0', mail],
  ['EOSE', 'm0'],
  ['CLOSED', 'm0', 'restricted: that mailbox is not yours'],
  ['CLOSED', 'm0', 'auth-required: sign in'],
  ['OK', mail.id, true, ''],
  ['OK', mail.id, false, 'invalid: created_at is too far ahead; this relay’s time is 1700000000'],
  ['AUTH', 'a challenge'],
  ['NOTICE', 'hello']
];

/** Two questions, whatever the relay says to them, and the connection's end: both have an answer then. */
const feedClient = async (text: string): Promise<Outcome> => {
  const socket = new FedSocket();
  const own = createHandClock(nowMs);
  const connection = new RelayConnection(
    { url, clock: own, random: scene.random, socket: () => asSocket(socket), frameBytesMax: mailFrameBytesMax },
    {
      onOpen: () => undefined,
      onLost: () => undefined,
      onMessage: (message) => requests.receive(message),
      onProbe: () => false
    }
  );
  const requests = new RelayRequests({ url, clock: own, time: new RelayTime(own), connection, loadKey: () => key });
  connection.open();
  let heard = 0;
  const ended: string[] = [];
  requests.subscribe(
    { kinds: [1059] },
    {
      onEvent: () => void heard++,
      onStored: () => void heard++,
      onEnded: ({ type }) => void ended.push(type)
    }
  );
  const { id, pubkey, sig, ...said } = mail;
  const published: Promise<Result<void, { readonly type: string }>> = requests.publish({ id, pubkey, sig, ...said });
  socket.say(text);
  socket.say(JSON.stringify(['OK', 'of nothing', true]));
  connection.close();
  requests.reset({ type: 'Closed' });
  let answer: Awaited<typeof published> | undefined;
  void published.then((given) => (answer = given));
  // Whatever was waited for has a deadline, which may have begun after the connection's end.
  for (let turns = 0; answer === undefined && turns < 20; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    own.advance(answerDeadlineMs);
  }
  must(answer !== undefined, 'every question is answered in the end');
  if (!answer.ok) refusedAs(answer.error.type, ...failures);
  for (const type of ended) refusedAs(type, ...failures);
  must(ended.length === 1, 'a subscription ends once');
  return heard > 0 || answer.ok ? 'taken' : 'refused';
};

const room = 'cm9vbSBmb3Igc2lnbmFscw' as Topic;
const signals: readonly unknown[] = [
  ['EVENT', 'signal', signEvent({ tags: [['t', room]], content: 'sealed' })],
  [
    'EVENT',
    'signal',
    signEvent({
      tags: [
        ['e', mail.id],
        ['t', 'elsewhere'],
        ['t', room]
      ]
    })
  ],
  ['EOSE', 'signal'],
  ['CLOSED', 'signal', 'rate-limited: slow down'],
  ['AUTH', 'a challenge'],
  ['OK', mail.id, false, 'blocked: no']
];

const feedTransport = (text: string): Outcome => {
  const socket = new FedSocket();
  const transport = createRelayTransport({
    url,
    clock: createHandClock(nowMs),
    random: scene.random,
    socket: () => asSocket(socket)
  });
  let heard = 0;
  transport.open({
    onMessage: (topic, data) => {
      must(topic === room && typeof data === 'string', 'only what was asked for is heard');
      heard++;
    },
    onStatus: () => undefined
  });
  transport.subscribe([room]);
  socket.dispatchEvent(new Event('open'));
  socket.say(text);
  socket.say(new Blob([text]));
  const frame = parsedJson(text);
  const signal = readSignalEvent(Array.isArray(frame) ? frame[2] : frame);
  must(
    signal === undefined || (typeof signal.topic === 'string' && typeof signal.content === 'string'),
    'a signal is text on a topic'
  );
  transport.close();
  return heard > 0 ? 'taken' : 'refused';
};

export const clientTargets: readonly Target[] = [
  jsonTarget('client: what a relay answers', 8, answers, feedClient),
  jsonTarget('client: what a relay passes on', 40, signals, feedTransport)
];
