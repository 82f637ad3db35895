/**
 * The relay's own input: what clients say, and who they and the proxies before them say they are.
 */
import { utf8ToBytes } from '../../src/lib/base/bytes.ts';
import { clientAddress, hostInUrl, isLoopback, limitKey } from '../../src/relay/address.ts';
import { parseEvent, verifyEvent, type NostrEvent } from '../../src/relay/event.ts';
import { matchesFilter, parseFilter } from '../../src/relay/filter.ts';
import { defaultLimits, frameBytesMax } from '../../src/relay/limits.ts';
import { openMailStore } from '../../src/relay/mail-store.ts';
import { createNostrRelay, type RelayConnection as Client, type Visitor } from '../../src/relay/nostr-relay.ts';
import { hostOf, isOwnUrl } from '../../src/relay/sign-in.ts';
import { createTokenBucket } from '../../src/relay/token-bucket.ts';
import { createHandClock } from '../unit/relay/hand-clock.ts';
import { keysOf, signDeletion, signEvent, signIn, signMail } from '../unit/relay/signed-event.ts';
import { Chance, hashOf } from './chance.ts';
import * as scene from './scene.ts';
import { jsonTarget, must, parsedJson, textTarget, type Outcome, type Target } from './target.ts';

const nowMs = 1_700_000_000_000;
const [anaKeys, joKeys] = [keysOf(1), keysOf(2)];
const clock = createHandClock(nowMs);
const opened = openMailStore(undefined, clock, { ...defaultLimits, mailboxEventsMax: 50 });
if (!opened.ok) throw new Error(opened.error);
const relay = createNostrRelay({ clock, random: scene.random, limits: defaultLimits, mail: opened.value });
const plenty = { take: () => true, giveBack: () => undefined, isFull: () => true };

/** Somebody's end of a connection, and what they were told. */
class Visit {
  readonly said: string[] = [];
  closed = 0;
  readonly client: Client;
  constructor() {
    const wire: Visitor['wire'] = {
      send: (text) => void this.said.push(text),
      stream: (next) => {
        for (let text = next(); text !== undefined; text = next()) this.said.push(text);
      },
      close: () => void this.closed++
    };
    const allowance = { messages: plenty, mailBytes: createTokenBucket(clock, 1e9, 1) };
    this.client = relay.connect({ wire, allowance, names: { configuredHost: 'relay.example' } });
  }
  hear(text: string): void {
    this.client.receive(text, Buffer.byteLength(text));
  }
  /** Proves to hold these keys. */
  signIn(keys: ReturnType<typeof keysOf>): this {
    const challenge = (JSON.parse(this.said[0] ?? '[]') as string[])[1] ?? '';
    this.hear(
      JSON.stringify(['AUTH', signIn(keys, { challenge, relay: 'wss://relay.example', nowMs: clock.nowMs() })])
    );
    this.said.length = 0;
    return this;
  }
}

/** Jo listens to all that Jo may; whatever others send, nothing of Ana's mailbox is heard there. */
const jo = new Visit().signIn(joKeys);
jo.hear(JSON.stringify(['REQ', 'mine', { kinds: [1059], '#p': [joKeys.publicKey] }]));
jo.hear(JSON.stringify(['REQ', 'signals', { kinds: [20_571] }]));
jo.said.length = 0;

const mail = signMail(anaKeys.publicKey);
const events = [
  signEvent(),
  mail,
  signMail(joKeys.publicKey),
  signDeletion([mail.id], anaKeys),
  signEvent({
    tags: [
      ['t', 'room'],
      ['expiration', '1800000000']
    ]
  })
];
const filters = [
  { kinds: [20_571], '#t': ['room'], limit: 0 },
  { kinds: [1059], '#p': [anaKeys.publicKey], since: 1, until: 1_800_000_000, limit: 500 },
  { ids: [mail.id], authors: [mail.pubkey], '#e': [mail.id] },
  {}
];
const frames: readonly unknown[] = [
  ...events.map((event) => ['EVENT', event]),
  ...filters.map((filter) => ['REQ', 'a', filter]),
  ['REQ', 'a', ...filters],
  ['CLOSE', 'a'],
  ['COUNT', 'a', {}],
  ['AUTH', signIn(anaKeys, { challenge: 'x', relay: 'wss://relay.example', nowMs })]
];
const verbs = ['OK', 'EVENT', 'EOSE', 'CLOSED', 'NOTICE'];

/** What a client says, and the event in it signed anew where that is asked for: then it is not turned away at the door. */
const feedRelay = (text: string, signs: boolean): Outcome => {
  const chance = new Chance(hashOf(utf8ToBytes(text)));
  const visit = new Visit();
  if (chance.oneIn(4)) visit.signIn(anaKeys);
  visit.said.length = 0;
  jo.said.length = 0;
  visit.hear(signs ? signedAnew(text) : text);
  if (chance.oneIn(8)) visit.client.receiveBinary(text.length);
  must(visit.said.length > 0 || text.includes('CLOSE'), 'everything but CLOSE has an answer');
  for (const said of [...visit.said, ...jo.said]) {
    const answer = JSON.parse(said) as unknown[];
    must(Array.isArray(answer) && verbs.includes(String(answer[0])), 'an answer is one of NIP-01’s');
    must(Buffer.byteLength(said) <= 2 * frameBytesMax, 'and of a size that can be read');
  }
  for (const said of jo.said) {
    const [, , event] = JSON.parse(said) as [string, string, NostrEvent];
    const isAnas = event.kind === 1059 && event.tags.some(([name, key]) => name === 'p' && key !== joKeys.publicKey);
    must(!isAnas, 'nobody is handed mail of another mailbox');
  }
  const isTaken = visit.said.some((said) => /^\["(OK","[0-9a-f]{64}",true|EOSE|EVENT)/.test(said));
  visit.client.end();
  return isTaken ? 'taken' : 'refused';
};

const signedAnew = (text: string): string => {
  const frame = parsedJson(text);
  if (!Array.isArray(frame)) return text;
  const [verb, event, ...rest] = frame as unknown[];
  const read = parseEvent(event);
  return read.ok ? JSON.stringify([verb, signEvent(read.value), ...rest]) : text;
};

const feedEvent = (text: string): Outcome => {
  const event = parseEvent(parsedJson(text));
  if (!event.ok) {
    must(typeof event.error === 'string' && event.error.length < 200, 'a refusal is a sentence');
    return 'refused';
  }
  const again = parseEvent(JSON.parse(JSON.stringify(event.value)));
  must(again.ok && JSON.stringify(again.value) === JSON.stringify(event.value), 'an event is passed on as it was read');
  // A signature costs a millisecond: one in so many is enough, and all that are altered fail before it.
  const verified = verifyEvent(event.value);
  must(!verified.ok || events.some(({ id }) => id === event.value.id), 'nobody else’s signature fits');
  return 'taken';
};

const feedFilter = (text: string): Outcome => {
  const filter = parseFilter(parsedJson(text));
  for (const event of events) if (filter.ok) matchesFilter(filter.value, event);
  return filter.ok ? 'taken' : 'refused';
};

const feedHost = (text: string): Outcome => {
  const host = hostOf(text);
  for (const names of [{}, { configuredHost: 'relay.example' }, { requestedHost: '127.0.0.1' }]) isOwnUrl(text, names);
  if (host === undefined) return 'refused';
  must(
    hostOf(`wss://${hostInUrl(host)}/`) === host || host.includes('.'),
    'a host stands in an address as it was read'
  );
  return 'taken';
};

const feedAddress = (text: string): Outcome => {
  const request = { socket: { remoteAddress: '192.0.2.1' }, headers: { 'x-forwarded-for': text } };
  const address = clientAddress(request as unknown as Parameters<typeof clientAddress>[0], true);
  must(limitKey(address).length > 0 && limitKey(address).length < 64, 'every address is counted by something');
  isLoopback(text);
  limitKey(text);
  return address === '192.0.2.1' ? 'refused' : 'taken';
};

export const relayTargets: readonly Target[] = [
  jsonTarget('relay: what a client says', 30, frames, (text) => feedRelay(text, false)),
  jsonTarget('relay: what a client says and signs', 5, frames, (text) => feedRelay(text, true)),
  jsonTarget('relay: event', 20, events, feedEvent),
  jsonTarget('relay: filter', 60, filters, feedFilter),
  textTarget(
    'relay: whom a sign-in names',
    30,
    ['wss://relay.example/relay', 'ws://127.0.0.1:4173', 'wss://[::1]:1/'],
    feedHost
  ),
  textTarget(
    'relay: who a proxy names',
    30,
    ['192.0.2.7', '198.51.100.1, 2001:db8::1', '::ffff:192.0.2.9', 'fe80::1%eth0'],
    feedAddress
  )
];
