/**
 * A member who means harm: let in like anybody, with keys of its own and the circle's, writing whatever it likes.
 *
 * It sits in the room with a bare document. Everything it does is one of `tricks`, chosen by seed.
 */
import * as Y from 'yjs';
import { dayMs } from '../../src/lib/base/clock.ts';
import { bytesToBase64Url, type Bytes } from '../../src/lib/base/bytes.ts';
import { idBytesLength, idToBytes, type DeviceId, type MapKey, type Topic } from '../../src/lib/base/ids.ts';
import { unwrap } from '../../src/lib/base/result.ts';
import { ackSlot, ledgerSlot } from '../../src/lib/circle/slots.ts';
import { addPersonSlot } from '../../src/lib/circle/slots.ts';
import { deviceIdOf } from '../../src/lib/crypto/device.ts';
import { sealEnvelope } from '../../src/lib/records/envelope.ts';
import { openEnvelope } from '../../src/lib/records/opened-envelope.ts';
import { mapKeyOf } from '../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import type { Payload } from '../../src/lib/records/payload.ts';
import { sealRecord } from '../../src/lib/records/record.ts';
import { openRecord } from '../../src/lib/records/opened-record.ts';
import type { LocalCircle } from '../../src/lib/store/circles.ts';
import { secretMark, type SimulatedNetwork } from './network.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Whose its two seats are, for partitions. */
export const hostileOwners = ['hostile', 'hostile too'] as const;

type Trick = () => Promise<void> | void;

export class Hostile {
  readonly device: DeviceId;
  readonly #circle: LocalCircle;
  readonly #network: SimulatedNetwork;
  readonly #random: SeededRandom;
  readonly #doc = new Y.Doc();
  /** A second document, in a seat of its own: to tell one half of a parted network another thing. */
  readonly #otherDoc = new Y.Doc();
  readonly #map: Y.Map<unknown>;
  /** Everything it ever saw under each key, to say it again. */
  readonly #seen = new Map<string, Uint8Array[]>();
  readonly #later: Trick[] = [];
  #leave: () => void = () => undefined;
  #seq = 1000;

  constructor(circle: LocalCircle, network: SimulatedNetwork, random: SeededRandom) {
    this.#circle = circle;
    this.device = circle.keyring.device.id;
    this.#network = network;
    this.#random = random;
    this.#doc.clientID = random.whole(1, 2 ** 31);
    this.#otherDoc.clientID = random.whole(1, 2 ** 31);
    this.#map = this.#doc.getMap('envelopes');
    this.#map.observe((event) => event.keysChanged.forEach((key) => this.#remember(key)));
  }

  /** Takes its seats in the room. */
  enter(topic: Topic): void {
    const seat = { device: this.device, topic, onPeers: () => undefined, onSynced: () => undefined };
    const { rooms } = this.#network;
    const leaves = hostileOwners.map((owner, i) =>
      rooms.enter({ ...seat, owner, doc: i === 0 ? this.#doc : this.#otherDoc })
    );
    this.#leave = () => leaves.forEach((leave) => leave());
  }

  leave(): void {
    this.#leave();
  }

  /** Does one harmful thing and says which. */
  async act(): Promise<string> {
    const owed = this.#later.shift();
    if (owed !== undefined) {
      await owed();
      return 'owed';
    }
    const [name, trick] = this.#random.pick(Object.entries(this.#tricks)) as [string, Trick];
    await trick();
    return name;
  }

  readonly #tricks: Readonly<Record<string, Trick>> = {
    garbage: () => this.#put(this.#times(12).map(() => [this.#key(), this.#random.bytes(this.#random.whole(0, 2000))])),
    noMapKeys: () => this.#put(this.#times(5).map((i) => [`key ${i}`, this.#random.bytes(40)])),
    flood: () => this.#put(this.#times(300).map(() => [this.#key(), this.#random.bytes(60)])),
    oversized: () =>
      this.#put([
        [this.#anyKey(), this.#random.bytes(20_000)],
        [this.#key(), this.#random.bytes(20_000)]
      ]),
    noBytes: () =>
      this.#overwrite(() =>
        this.#random.pick<unknown>(['text', 7, null, true, ['a'], { a: 1 }, new Y.Map(), new Y.Text('x')])
      ),
    empty: () => this.#overwrite(() => new Uint8Array(0)),
    newerVersion: () => this.#overwrite((old) => Uint8Array.from([2, ...old.subarray(1)])),
    bitFlips: () => this.#overwrite((old) => old.map((byte, i) => (i === old.length - 5 ? byte ^ 1 : byte))),
    oldVersions: () => this.#put([...this.#seen].map(([key, values]) => [key, this.#random.pick(values)])),
    deleteAll: () => this.#doc.transact(() => [...this.#map.keys()].forEach((key) => this.#map.delete(key))),
    deleteSome: () => this.#doc.transact(() => this.#someKeys().forEach((key) => this.#map.delete(key))),
    swapKeys: () => this.#put(this.#someBytes().map(([, bytes]) => [this.#anyKey(), bytes])),
    resealed: () => this.#reseal(),
    forgeOthers: () => this.#forge(),
    forgeUnknown: async () => {
      const [, bytes] = await this.#seal({ device: bytesToBase64Url(this.#random.bytes(idBytesLength)) as DeviceId });
      this.#put([...this.#someKeys().map((key): [string, Bytes] => [key, bytes]), [this.#key(), bytes]]);
    },
    farAhead: () => this.#say({ slot: 'ahead', time: { ms: this.#network.time.nowMs + 3650 * dayMs, count: 0 } }),
    backDated: () => this.#say({ slot: 'back', ver: this.#seq, time: { ms: 0, count: 0 } }),
    expired: () => this.#say({ slot: 'expired', expMs: this.#network.time.nowMs - dayMs }),
    equivocate: () => this.equivocate(),
    badProof: () => this.#badProof(),
    wrongSlots: () => this.#wrongSlots(),
    badBodies: async () => {
      for (const body of [
        {},
        this.#checkIn(7),
        { ...this.#checkIn('x'), feelings: 'y' },
        { ...this.#checkIn('x'), id: 'x' }
      ])
        await this.#say({ slot: `bad/${this.#seq}`, body });
    },
    lyingLedger: () =>
      this.#say({
        slot: ledgerSlot,
        kind: kinds.ledger,
        seq: 0,
        ver: ++this.#seq,
        body: { ranges: [[1, 9]], hash: this.#random.bytes(32) }
      }),
    lyingAck: () =>
      this.#say({
        slot: ackSlot,
        kind: kinds.ack,
        seq: 0,
        ver: ++this.#seq,
        body: { acks: [[this.#random.bytes(16), 9_000_000]] }
      }),
    otherCircle: () =>
      this.#say({ circle: bytesToBase64Url(this.#random.bytes(idBytesLength)) as Payload['circle'], slot: 'other' }),
    laterKind: () => this.#say({ slot: 'later', kind: 999, ver: ++this.#seq, body: { new: true } })
  };

  #times(most: number): number[] {
    return Array.from({ length: this.#random.whole(1, most) }, (_, i) => i);
  }

  #key(): MapKey {
    return bytesToBase64Url(this.#random.bytes(idBytesLength)) as MapKey;
  }

  #anyKey(): string {
    return this.#random.pick([...this.#map.keys()]) ?? this.#key();
  }

  #someKeys(): string[] {
    return [...this.#map.keys()].filter(() => this.#random.chance(0.4));
  }

  #someBytes(): [string, Bytes][] {
    return this.#someKeys().flatMap((key): [string, Bytes][] => {
      const value = this.#map.get(key);
      return value instanceof Uint8Array ? [[key, value as Bytes]] : [];
    });
  }

  #put(entries: readonly (readonly [string, unknown])[]): void {
    this.#doc.transact(() => entries.forEach(([key, value]) => this.#map.set(key, value)));
  }

  /** Puts something else in the place of what others said. */
  #overwrite(change: (old: Uint8Array) => unknown): void {
    const entries = this.#someKeys().map((key): [string, unknown] => {
      const old = this.#map.get(key);
      return [key, change(old instanceof Uint8Array ? old : this.#random.bytes(30))];
    });
    this.#put(entries);
  }

  #remember(key: string): void {
    const value = this.#map.get(key);
    if (!(value instanceof Uint8Array)) return;
    const seen = this.#seen.get(key) ?? [];
    this.#seen.set(key, [...seen.slice(-4), value]);
  }

  /** Signs with its own key whatever it likes, and puts it where such a record would stand. */
  async #say(claims: Partial<Payload>): Promise<void> {
    const [key, bytes] = await this.#seal(claims);
    this.#put([[key, bytes]]);
  }

  #checkIn(words: unknown): Record<string, unknown> {
    return { id: this.#random.bytes(idBytesLength), words, feelings: [] };
  }

  async #seal(claims: Partial<Payload>): Promise<[MapKey, Bytes]> {
    const { current, device } = this.#circle.keyring;
    const payload: Payload = {
      circle: current.circle,
      epoch: current.epoch,
      device: device.id,
      seq: ++this.#seq,
      slot: 'now',
      ver: this.#seq,
      time: { ms: this.#network.time.nowMs, count: 0 },
      expMs: null,
      kind: kinds.checkIn,
      body: this.#checkIn(`${secretMark} lie ${this.#seq}`),
      ...claims
    };
    const record = unwrap(await sealRecord(current, device, payload, this.#random));
    return [record.key, record.envelope];
  }

  /** Words in the mouth of whoever spoke: their device, slot and a higher version, its own signature. */
  async #forge(): Promise<void> {
    for (const key of this.#someKeys()) {
      const bytes = this.#map.get(key);
      const record =
        bytes instanceof Uint8Array ? await openRecord(bytes as Bytes, this.#circle.keyring.epochs) : undefined;
      if (record?.ok !== true) continue;
      const { device, slot, ver, kind, body, seq } = record.value.payload;
      await this.#say({ device, slot, ver: ver + 5, kind, body, seq: seq === 0 ? 0 : seq + 5 });
    }
  }

  /** The very same records in envelopes of its own: harmless, and not to be fought over. */
  async #reseal(): Promise<void> {
    const { current, epochs } = this.#circle.keyring;
    for (const [key, bytes] of this.#someBytes()) {
      const opened = await openEnvelope(bytes, epochs);
      if (!opened.ok) continue;
      this.#put([[key, unwrap(await sealEnvelope(current, opened.value.sign1, this.#random))]]);
    }
  }

  /** Two records with one slot and one version: one for each half of the network, or the second at a later act. */
  async equivocate(): Promise<void> {
    const place = { slot: `two-faced/${++this.#seq}`, seq: this.#seq, ver: this.#seq };
    const [key, one] = await this.#seal({ ...place, body: this.#checkIn('one') });
    const [, two] = await this.#seal({ ...place, body: this.#checkIn('two') });
    this.#put([[key, one]]);
    this.#otherDoc.getMap('envelopes').set(key, two);
    this.#later.push(
      () => this.#put([[key, two]]),
      () => this.#put([[key, one]])
    );
  }

  /** Lets in a device that never asked. */
  async #badProof(): Promise<void> {
    const [sign, agree] = [this.#random.bytes(32), this.#random.bytes(32)];
    const body = {
      invite: this.#random.bytes(16),
      name: 'Nobody',
      nonce: this.#random.bytes(16),
      proof: this.#random.bytes(64),
      sign,
      agree
    };
    await this.#say({ kind: kinds.addPerson, slot: addPersonSlot(await deviceIdOf(sign)), ver: 1, body });
  }

  async #wrongSlots(): Promise<void> {
    const { device } = this.#circle.keyring;
    await this.#say({ slot: `roster/${this.#seq}`, ver: 1 });
    await this.#say({ slot: ledgerSlot });
    await this.#say({ slot: `gone/${this.#seq}`, kind: kinds.leave, ver: 1, body: {} });
    await this.#say({ slot: 'roster/leave', kind: kinds.leave, ver: 2, body: {} });
    await this.#say({
      slot: 'my-ledger',
      kind: kinds.ledger,
      seq: 0,
      body: { ranges: [], hash: this.#random.bytes(32) }
    });
    const key = await mapKeyOf(this.#circle.keyring.current, device.id, 'elsewhere');
    const [, bytes] = await this.#seal({ slot: 'here' });
    this.#put([[key, bytes]]);
    const genesis = { parent: null, nonce: idToBytes(device.id), name: 'Mine', founder: 'Me', ...device.publicKeys };
    await this.#say({ kind: kinds.manifest, slot: 'roster/genesis', ver: 1, body: genesis });
  }
}
