/** A mailbox on a relay that says what a test tells it to, and by the book otherwise. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, vi } from 'vitest';
import { WebSocketServer, type WebSocket as RelaySocket } from 'ws';
import type { Bytes } from '../../src/lib/base/bytes.ts';
import { bytesToId, type CircleId, type EpochId } from '../../src/lib/base/ids.ts';
import { systemRandom } from '../../src/lib/base/random.ts';
import type { Result } from '../../src/lib/base/result.ts';
import { mailboxKeys, type MailboxKeys } from '../../src/lib/records/meeting-keys.ts';
import type {
  CarryFailure,
  Delivery,
  Mailbox,
  MailboxStatus,
  MailRefusal,
  Pushed
} from '../../src/lib/sync/envelope-carrier.ts';
import { makeMailEvent } from '../../src/lib/sync/mail-event.ts';
import { createNostrKey, type SignedEvent } from '../../src/lib/sync/nostr-key.ts';
import { createRelayMailbox } from '../../src/lib/sync/relay-mailbox.ts';
import { createHandClock, type HandClock } from '../unit/relay/hand-clock.ts';
import { foundingKeys } from '../unit/records/founding-keys.ts';

export type Frame = readonly unknown[];

export const hourS = 3600;
export const envelope = Uint8Array.of(1, 2, 3);
export const offline: MailboxStatus = { type: 'Closed', why: { type: 'Offline' } };

/** Where a test sits between a mailbox and its relay. */
export class ScriptedMailbox {
  readonly relay: WebSocketServer;
  readonly sockets: RelaySocket[] = [];
  /** Everything the relay was told. */
  readonly told: Frame[] = [];
  readonly keys: MailboxKeys;
  /** The mailbox's public key. */
  readonly address: string;
  readonly clock: HandClock = createHandClock();
  readonly mailbox: Mailbox;
  readonly heard: Bytes[] = [];
  readonly statuses: MailboxStatus[] = [];
  readonly refused: MailRefusal[] = [];
  /** How the relay answers a frame; undefined leaves it to the book. */
  answer: (frame: Frame) => readonly Frame[] | undefined = () => undefined;

  constructor(relay: WebSocketServer, keys: MailboxKeys, address: string) {
    this.relay = relay;
    this.keys = keys;
    this.address = address;
    this.mailbox = createRelayMailbox({ keys, clock: this.clock, random: systemRandom });
    relay.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('message', (data) => {
        const frame = JSON.parse((data as Buffer).toString()) as Frame;
        this.told.push(frame);
        for (const said of this.answer(frame) ?? byTheBook(frame)) socket.send(JSON.stringify(said));
      });
    });
  }

  open(): void {
    this.mailbox.open({
      onMail: ({ arrivals }) => this.heard.push(...arrivals.map((arrival) => arrival.envelope)),
      onStatus: (status) => this.statuses.push(status),
      onRefused: (type) => this.refused.push(type)
    });
  }

  async openThere(): Promise<void> {
    this.open();
    await vi.waitFor(() => expect(this.statuses).toEqual([{ type: 'Open' }]));
  }

  framesOf(verb: string): Frame[] {
    return this.told.filter((frame) => frame[0] === verb);
  }

  eventsSaid(): SignedEvent[] {
    return this.framesOf('EVENT').map((frame) => frame[1] as SignedEvent);
  }

  /** Says something unasked. */
  say(frame: unknown): void {
    this.sockets.at(-1)?.send(JSON.stringify(frame));
  }

  /** The id of the subscription to what is new. */
  get liveId(): unknown {
    return this.framesOf('REQ')[0]?.[1];
  }

  get nowS(): number {
    return Math.floor(this.clock.nowMs() / 1000);
  }

  /** An event as a friend would leave it. */
  async mailEvent(
    envelopes: readonly Bytes[] = [envelope],
    createdS = this.nowS,
    keys = this.keys
  ): Promise<SignedEvent> {
    const dates = { createdS, expiresS: createdS + hourS };
    return (await makeMailEvent(keys, this.address, envelopes, dates, systemRandom)).event;
  }

  push(count = 1): Promise<Pushed> {
    return this.mailbox.push(
      Array.from({ length: count }, () => ({ envelope })),
      'single'
    );
  }

  async pull(): Promise<Result<Delivery, CarryFailure>[]> {
    const pages: Result<Delivery, CarryFailure>[] = [];
    for await (const page of this.mailbox.pull()) pages.push(page);
    return pages;
  }

  close(): void {
    this.mailbox.close();
    for (const socket of this.relay.clients) socket.terminate();
    this.relay.close();
  }
}

export const createScriptedMailbox = async (): Promise<ScriptedMailbox> => {
  const relay = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(relay, 'listening');
  const [circle, epoch] = [bytesToId<CircleId>(new Uint8Array(16)), bytesToId<EpochId>(new Uint8Array(16))];
  const url = `ws://127.0.0.1:${(relay.address() as AddressInfo).port}`;
  const { lighthouse } = await foundingKeys(circle, epoch, new Uint8Array(32));
  const keys = await mailboxKeys(lighthouse, url);
  return new ScriptedMailbox(relay, keys, (await createNostrKey(keys.seed, systemRandom)).pubkey);
};

export const idOf = (event: unknown): string => (event as SignedEvent).id;

/** An honest relay that keeps nothing. */
const byTheBook = ([verb, subject]: Frame): readonly Frame[] => {
  if (verb === 'REQ') return [['EOSE', subject]];
  return verb === 'EVENT' || verb === 'AUTH' ? [['OK', idOf(subject), true, '']] : [];
};
