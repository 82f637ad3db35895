/**
 * Who dials whom, and when: agreed by fresh nonces before any connection is made, without any clock.
 *
 *   announce{n} ──▶                  anybody may; a replayed one costs a reply and no connection
 *             ◀── reply{n, echo}     at most one per announced nonce in `replyPauseMs`
 *   (a higher id replies in turn, so that the lower one knows too that it is being answered now)
 *   lower id: offer{n, echo} ──▶  ◀── answer{n, echo}
 *
 *  HS1 An announcement never makes a connection, heard once or often.
 *  HS2 A reply counts only if it echoes one of our last two announcements, or the nonce we gave that peer.
 *  HS3 Only the lower peer id dials, so two who announce at once do not collide.
 *  HS4 An offer counts only if it echoes the nonce we gave that peer; that nonce then ends, so it counts once.
 *  HS5 An answer or candidate counts only within the attempt whose nonces it carries; an answer once.
 *  HS6 All but announcements are proved by the device that the sender's peer id names.
 *  HS7 An attempt that is not up within `connectDeadlineMs` is dropped.
 *  HS8 A connection is replaced only by its own peer in a fresh, proved exchange: that side ended and we did not see it.
 */
import type { Clock } from '../base/clock.ts';
import type { DeviceId } from '../base/ids.ts';
import { connectDeadlineMs, replyPauseMs } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import type { PeerProver } from './peer-proof.ts';
import { SerialQueue } from './serial-queue.ts';
import {
  bytesToSignal,
  deviceOfPeer,
  freshNonce,
  signalToBytes,
  type AddressedMessage,
  type AddressedStatement,
  type AnnounceMessage,
  type PeerSignal,
  type SignalMessage
} from './signal-message.ts';
import type { SignalRefusal } from './signal-refusal.ts';

/** Connections at a time, being made or up: a circle with more devices than this gossips through the others. */
export const connectionsMax = 32;
/** Peers remembered, connected or not. */
const peersMax = 256;
/** Announced nonces remembered as replied to. */
const repliesMax = 1024;
/** ICE candidates taken within one attempt. */
const candidatesMax = 64;
/** How long a device that misbehaved gets no connection. */
export const shunMs = 60_000;

/** What the handshake does to the world. Each is called synchronously and must not call back into the handshake. */
export interface HandshakeEffects {
  send(message: SignalMessage): void;
  /** Start a connection to this peer as the one who offers. */
  dial(peerId: string): void;
  /** Start a connection to this peer with the offer it made. */
  accept(peerId: string, offer: PeerSignal): void;
  /** Hand the answer or a candidate to the connection being made. */
  signal(peerId: string, signal: PeerSignal): void;
  /** End the connection, being made or up. */
  drop(peerId: string): void;
  refuse(refusal: SignalRefusal): void;
}

export interface HandshakeOptions {
  readonly peerId: string;
  readonly prover: PeerProver;
  readonly clock: Clock;
  readonly random: Random;
  readonly effects: HandshakeEffects;
}

/** One connection, being made or up. */
interface Attempt {
  readonly role: 'dialing' | 'answering';
  readonly own: string;
  /** Their nonce: what our signals echo. */
  readonly theirs: string;
  /** What their signals echo: our own nonce; before they have seen it, the one that their offer used up. */
  readonly consumed: string | undefined;
  state: 'waiting' | 'answered' | 'up';
  candidates: number;
  readonly cancelDeadline: () => void;
}

interface Peer {
  /** What this peer must echo next. */
  nonce: string;
  /** What it had to echo before the running attempt: a reply that does has crossed the attempt, and is no refusal. */
  crossed: string | undefined;
  attempt: Attempt | undefined;
}

/** The state of one room's handshakes. Each `receive` is to end before the next begins. */
export class Handshake {
  readonly #options: HandshakeOptions;
  readonly #effects: HandshakeEffects;
  readonly #peers = new Map<string, Peer>();
  readonly #repliedAtMs = new Map<string, number>();
  readonly #saying = new SerialQueue();
  readonly #shunnedAtMs = new Map<DeviceId, number>();
  #announced: readonly string[] = [];
  #isClosed = false;

  constructor(options: HandshakeOptions) {
    this.#options = options;
    this.#effects = options.effects;
  }

  /** Says that we are here, under a fresh nonce. */
  announce(): void {
    const n = freshNonce(this.#options.random);
    this.#announced = [n, ...this.#announced].slice(0, 2);
    this.#effects.send({ type: 'announce', from: this.#options.peerId, n });
  }

  /** Takes a message that opened; what is not addressed to us is passed over. */
  async receive(message: SignalMessage): Promise<void> {
    const { peerId, prover } = this.#options;
    if (this.#isClosed || message.from === peerId) return;
    if (message.type !== 'announce' && message.to !== peerId) return;
    if (this.#isShunned(message.from)) return this.#refuse('Shunned', message.from);
    if (message.type === 'announce') return this.#onAnnounce(message);

    if (message.type === 'reply' && message.echo === this.#peers.get(message.from)?.crossed) return;
    // The echo costs nothing to check and turns replays away before any signature is looked at.
    if (!this.#isEchoed(message)) return this.#refuse('WrongEcho', message.from);
    if (message.type === 'offer' && peerId < message.from) return this.#refuse('WrongRole', message.from);
    if (!(await prover.isProved(message))) return this.#refuse('BadProof', message.from);
    // A deadline or a closed connection may have come in between.
    if (this.#isClosed || !this.#isEchoed(message)) return;
    if (message.type === 'reply') return this.#onReply(message);

    const signal = bytesToSignal(message.signal);
    if (signal?.type !== message.type) return this.#effects.refuse({ type: 'Malformed' });
    if (message.type === 'offer') this.#onOffer(message, signal);
    else this.#onSignal(message.from, signal);
  }

  /** Sends what our side of the connection being made has to say: its offer, answer or a candidate. */
  describe(peerId: string, signal: PeerSignal): void {
    const attempt = this.#peers.get(peerId)?.attempt;
    if (attempt === undefined) return;
    const { own: n, theirs: echo } = attempt;
    this.#say({ type: signal.type, from: this.#options.peerId, to: peerId, n, echo, signal: signalToBytes(signal) });
  }

  /** The connection is up. */
  connected(peerId: string): void {
    const attempt = this.#peers.get(peerId)?.attempt;
    if (attempt === undefined) return;
    attempt.cancelDeadline();
    attempt.state = 'up';
  }

  /** The connection has ended by itself. */
  closed(peerId: string): void {
    this.#end(peerId);
  }

  /** Ends the connection and makes none with that device for `shunMs`. */
  shun(peerId: string): void {
    this.#shunnedAtMs.set(deviceOfPeer(peerId), this.#options.clock.nowMs());
    trim(this.#shunnedAtMs, peersMax);
    this.drop(peerId);
  }

  /** Ends the connection, being made or up. */
  drop(peerId: string): void {
    if (this.#end(peerId)) this.#effects.drop(peerId);
  }

  /** Ends all timers; nothing is sent or done afterwards. */
  close(): void {
    this.#isClosed = true;
    for (const peer of this.#peers.values()) peer.attempt?.cancelDeadline();
    this.#peers.clear();
  }

  #onAnnounce({ from, n }: AnnounceMessage): void {
    const attempt = this.#peers.get(from)?.attempt;
    // While an attempt runs a reply would only start another; where we believe to be connected it lets them correct us.
    if (attempt === undefined || attempt.state === 'up') this.#reply(from, n);
  }

  #onReply({ from, n, echo }: AddressedMessage): void {
    const peer = this.#peerOf(from);
    const isUp = peer.attempt?.state === 'up';
    if (peer.attempt !== undefined && !isUp) return;
    // A reply to an announcement is what every connected peer sends; only the echo of their own nonce means "redial".
    if (isUp && echo !== peer.nonce) return;
    if (this.#options.peerId > from) {
      if (!isUp) this.#reply(from, n);
      return;
    }
    if (isUp) this.drop(from);
    if (this.#begin(from, { role: 'dialing', theirs: n, consumed: undefined })) this.#effects.dial(from);
  }

  #onOffer({ from, n, echo }: AddressedMessage, offer: PeerSignal): void {
    if (this.#peers.get(from)?.attempt !== undefined) this.drop(from);
    if (this.#begin(from, { role: 'answering', theirs: n, consumed: echo })) this.#effects.accept(from, offer);
  }

  #onSignal(from: string, signal: PeerSignal): void {
    const attempt = this.#peers.get(from)?.attempt;
    if (attempt === undefined) return;
    if (signal.type === 'answer') attempt.state = 'answered';
    else if (++attempt.candidates > candidatesMax) return;
    this.#effects.signal(from, signal);
  }

  /** Whether a message answers what we asked of exactly this peer, and may be of its type now. */
  #isEchoed({ type, from, n, echo }: AddressedMessage): boolean {
    const peer = this.#peers.get(from);
    const attempt = peer?.attempt;
    if (type === 'reply') return this.#announced.includes(echo) || echo === peer?.nonce;
    if (type === 'offer') return echo === peer?.nonce;
    if (attempt === undefined) return false;
    if (type === 'answer') return attempt.role === 'dialing' && attempt.state === 'waiting' && echo === attempt.own;
    return echo === attempt.own || (echo === attempt.consumed && n === attempt.theirs);
  }

  #reply(to: string, echo: string): void {
    const nowMs = this.#options.clock.nowMs();
    const sinceMs = nowMs - (this.#repliedAtMs.get(echo) ?? -Infinity);
    // A clock set back must not silence us, so a time in the future counts as long ago.
    if (sinceMs >= 0 && sinceMs < replyPauseMs) return;
    this.#repliedAtMs.delete(echo);
    this.#repliedAtMs.set(echo, nowMs);
    trim(this.#repliedAtMs, repliesMax);
    const { nonce } = this.#peerOf(to);
    const from = this.#options.peerId;
    this.#say({ type: 'reply', from, to, n: nonce, echo, signal: new Uint8Array(0) });
  }

  /** Signs and sends, one after the other, so that candidates do not overtake their offer. */
  #say(statement: AddressedStatement): void {
    this.#saying.add(async () => {
      if (this.#isClosed) return;
      const message = await this.#options.prover.prove(statement);
      if (!this.#isClosed) this.#effects.send(message);
    });
  }

  #begin(peerId: string, { role, theirs, consumed }: Pick<Attempt, 'role' | 'theirs' | 'consumed'>): boolean {
    const peer = this.#peerOf(peerId);
    const running = Array.from(this.#peers.values()).filter(({ attempt }) => attempt !== undefined).length;
    if (running >= connectionsMax) {
      this.#refuse('TooManyPeers', peerId);
      return false;
    }
    const own = freshNonce(this.#options.random);
    const cancelDeadline = this.#options.clock.after(connectDeadlineMs, () => this.drop(peerId));
    peer.crossed = peer.nonce;
    peer.attempt = { role, own, theirs, consumed, state: 'waiting', candidates: 0, cancelDeadline };
    peer.nonce = freshNonce(this.#options.random);
    return true;
  }

  /** False where there was nothing to end. */
  #end(peerId: string): boolean {
    const peer = this.#peers.get(peerId);
    if (peer?.attempt === undefined) return false;
    peer.attempt.cancelDeadline();
    peer.attempt = undefined;
    peer.crossed = undefined;
    peer.nonce = freshNonce(this.#options.random);
    return true;
  }

  #peerOf(peerId: string): Peer {
    const known = this.#peers.get(peerId);
    if (known !== undefined) return known;
    for (const [id, { attempt }] of this.#peers) {
      if (this.#peers.size < peersMax) break;
      if (attempt === undefined) this.#peers.delete(id);
    }
    const peer: Peer = { nonce: freshNonce(this.#options.random), crossed: undefined, attempt: undefined };
    this.#peers.set(peerId, peer);
    return peer;
  }

  #isShunned(peerId: string): boolean {
    const sinceMs = this.#options.clock.nowMs() - (this.#shunnedAtMs.get(deviceOfPeer(peerId)) ?? -Infinity);
    return sinceMs >= 0 && sinceMs < shunMs;
  }

  #refuse(type: 'WrongEcho' | 'BadProof' | 'WrongRole' | 'TooManyPeers' | 'Shunned', peerId: string): void {
    this.#effects.refuse({ type, peerId });
  }
}

/** Keeps the newest `sizeMax` entries of a map in order of insertion. */
const trim = <K>(map: Map<K, unknown>, sizeMax: number): void => {
  for (const key of map.keys()) {
    if (map.size <= sizeMax) return;
    map.delete(key);
  }
};
