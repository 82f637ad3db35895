/**
 * Friends who shake hands over a network in one process: everything said is kept, delivered when and as often as a test
 * wants, and connections come up when offer and answer have met.
 */
import type { Topic } from '../../../src/lib/base/ids.ts';
import { utf8ToBytes } from '../../../src/lib/base/bytes.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { generateDeviceSecrets, importDevice, type DeviceIdentity } from '../../../src/lib/crypto/device.ts';
import { Handshake } from '../../../src/lib/sync/handshake.ts';
import { PeerProver } from '../../../src/lib/sync/peer-proof.ts';
import {
  freshPeerId,
  type AddressedMessage,
  type AddressedStatement,
  type PeerSignal,
  type SignalMessage
} from '../../../src/lib/sync/signal-message.ts';
import type { SignalRefusal } from '../../../src/lib/sync/signal-refusal.ts';
import { createHandClock, type HandClock } from '../relay/hand-clock.ts';

export const topic = 'AAAAAAAAAAAAAAAAAAAAAA' as Topic;
export const context = utf8ToBytes('a circle, an epoch');

export const createDevice = async (): Promise<DeviceIdentity> => importDevice(await generateDeviceSecrets());

/** A prover that knows what it has not signed yet, so that a test can wait for it. */
class WatchedProver extends PeerProver {
  readonly pending = new Set<Promise<unknown>>();

  override prove(statement: AddressedStatement): Promise<AddressedMessage> {
    const proving = super.prove(statement);
    this.pending.add(proving);
    void proving.finally(() => this.pending.delete(proving));
    return proving;
  }
}

/** One side's connection: which description it made, and which it was given. */
interface Connection {
  readonly own: string;
  theirs: string | undefined;
}

export class Friend {
  readonly peerId: string;
  readonly prover: WatchedProver;
  readonly handshake: Handshake;
  readonly said: SignalMessage[] = [];
  readonly refusals: SignalRefusal[] = [];
  readonly connections = new Map<string, Connection>();
  /** Every connection ever begun, by this side's role. */
  readonly dialled: string[] = [];
  readonly accepted: string[] = [];
  readonly dropped: string[] = [];
  #made = 0;

  constructor(device: DeviceIdentity, clock: HandClock, send: (from: Friend, message: SignalMessage) => void) {
    this.peerId = freshPeerId(device.id, systemRandom);
    this.prover = new WatchedProver(device, context, topic);
    this.handshake = new Handshake({
      peerId: this.peerId,
      prover: this.prover,
      clock,
      random: systemRandom,
      effects: {
        send: (message) => {
          this.said.push(message);
          send(this, message);
        },
        dial: (to) => {
          this.dialled.push(to);
          this.#begin(to, undefined, 'offer');
        },
        accept: (from, offer) => {
          this.accepted.push(from);
          this.#begin(from, sdpOf(offer), 'answer');
        },
        signal: (from, signal) => {
          const connection = this.connections.get(from);
          if (connection !== undefined && signal.type === 'answer') connection.theirs = signal.sdp;
        },
        drop: (peerId) => {
          this.dropped.push(peerId);
          this.connections.delete(peerId);
        },
        refuse: (refusal) => this.refusals.push(refusal)
      }
    });
  }

  refused(type: SignalRefusal['type']): number {
    return this.refusals.filter((refusal) => refusal.type === type).length;
  }

  #begin(peerId: string, theirs: string | undefined, type: 'offer' | 'answer'): void {
    const own = `${type} ${this.#made++} of ${this.peerId}`;
    this.connections.set(peerId, { own, theirs });
    // Later, as a browser makes its description: who asked has not finished.
    queueMicrotask(() => {
      if (this.connections.get(peerId)?.own === own) this.handshake.describe(peerId, { type, sdp: own });
    });
  }
}

export class Meeting {
  readonly clock = createHandClock();
  readonly friends: Friend[] = [];
  /** Said and not yet delivered. */
  readonly wire: { readonly to: Friend; readonly message: SignalMessage }[] = [];
  /** Decides, for each receiver, how many copies arrive. */
  copies: (message: SignalMessage, to: Friend) => number = () => 1;
  /** Which of so many waiting messages comes next. */
  pick: (waiting: number) => number = () => 0;

  async join(device?: DeviceIdentity): Promise<Friend> {
    const friend = new Friend(device ?? (await createDevice()), this.clock, (from, message) => {
      for (const to of this.friends) {
        if (to === from) continue;
        for (let i = this.copies(message, to); i > 0; i--) this.wire.push({ to, message });
      }
    });
    this.friends.push(friend);
    return friend;
  }

  /** Two friends, the lower id first. */
  async joinPair(): Promise<[Friend, Friend]> {
    const [a, b] = [await this.join(), await this.join()];
    return a.peerId < b.peerId ? [a, b] : [b, a];
  }

  /** Delivers until nobody has anything left to say. */
  async settle(): Promise<void> {
    for (;;) {
      await Promise.all(this.friends.flatMap(({ prover }) => Array.from(prover.pending)));
      for (let i = 0; i < 8; i++) await Promise.resolve();
      this.#connect();
      const next = this.wire.splice(this.pick(this.wire.length), 1)[0];
      if (next !== undefined) await next.to.handshake.receive(next.message);
      else if (this.friends.every(({ prover }) => prover.pending.size === 0)) return;
    }
  }

  /** Whether both hold a connection to each other, and it is the same one. */
  areConnected(a: Friend, b: Friend): boolean {
    const [ab, ba] = [a.connections.get(b.peerId), b.connections.get(a.peerId)];
    return ab !== undefined && ba !== undefined && ab.theirs === ba.own && ba.theirs === ab.own;
  }

  #connect(): void {
    for (const a of this.friends) {
      for (const b of this.friends) {
        if (a !== b && this.areConnected(a, b)) a.handshake.connected(b.peerId);
      }
    }
  }
}

const sdpOf = (signal: PeerSignal): string => (signal.type === 'candidate' ? '' : signal.sdp);
