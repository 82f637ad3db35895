/**
 * A member with a modified app: holds the circle's keys, is connected to everyone, and writes into the shared document
 * whatever it likes.
 *
 * It takes over from a `ScriptedFriend` that has stopped. Nothing here repairs anything: what comes back in the
 * document was put back by the others.
 */
import * as Y from 'yjs';
import { concatBytes, type Bytes } from '../../../src/lib/base/bytes.ts';
import { bytesToId, idBytesLength, idToBytes, type DeviceId, type MapKey } from '../../../src/lib/base/ids.ts';
import { systemClock } from '../../../src/lib/base/clock.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { Payload } from '../../../src/lib/records/payload.ts';
import { sealRecord } from '../../../src/lib/records/record.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import type { LocalCircle } from '../../../src/lib/store/circles.ts';
import { openPeerRoom } from '../../../src/lib/sync/peer-room.ts';
import { createRelayTransport } from '../../../src/lib/sync/relay-transport.ts';
import { createVeiledTransport } from '../../../src/lib/sync/veiled-transport.ts';

export class Intruder {
  readonly #circle: LocalCircle;
  readonly #doc = new Y.Doc();
  readonly #map = this.#doc.getMap<unknown>('envelopes');
  /** Every version of every entry that others wrote, oldest first. */
  readonly #seen = new Map<string, Bytes[]>();
  #peers = 0;
  #forged = 0;

  private constructor(circle: LocalCircle) {
    this.#circle = circle;
    this.#map.observe((event, { local }) => {
      if (!local) event.keysChanged.forEach((key) => this.#remember(key));
    });
  }

  /** Enters the circle's room. Wait for `peers` before doing anything. */
  static async enter(circle: LocalCircle, relayUrl: string): Promise<Intruder> {
    const intruder = new Intruder(circle);
    const { current, device, generation } = circle.keyring;
    openPeerRoom({
      doc: intruder.#doc,
      topic: await roomTopic(current.lighthouse, generation),
      signalKey: current.signal,
      context: concatBytes(idToBytes(current.circle), idToBytes(current.epoch)),
      device,
      transport: createVeiledTransport(
        createRelayTransport({ url: relayUrl, clock: systemClock, random: systemRandom }),
        relayUrl,
        systemRandom
      ),
      iceServers: [],
      clock: systemClock,
      random: systemRandom,
      onPeers: (peers) => (intruder.#peers = peers.length),
      onSynced: () => undefined
    });
    return intruder;
  }

  get peers(): number {
    return this.#peers;
  }

  /** How many entries the others have written so far. */
  get entriesSeen(): number {
    return this.#seen.size;
  }

  /** Entries that are not, byte for byte, the last that somebody else wrote: 0 once everything is mended. */
  get damage(): number {
    const wrong = [...this.#map.keys()].filter((key) => isMapKey(key) && !this.#isGenuine(key));
    return [...this.#seen.keys()].filter((key) => !this.#map.has(key)).length + wrong.length;
  }

  /** Entries nobody can read, of many sizes, some under keys that are none. None claims a version that may yet come. */
  writeGarbage(count: number): void {
    this.#write((put) => {
      for (let i = 0; i < count; i++) {
        const first = [0, 1, 16, 255][i % 4] as number;
        put(randomKey(), concatBytes(Uint8Array.of(first), systemRandom.bytes((i * 37) % 700)));
      }
      for (const key of ['', '__proto__', 'constructor', 'x'.repeat(500)]) put(key, systemRandom.bytes(16));
    });
  }

  /** Entries that are not even bytes. */
  writeOtherThanBytes(): void {
    const values: unknown[] = ['text', 7, null, true, { bytes: 'no' }, [1, 2, 3], new Y.Map(), new Y.Text('hello')];
    this.#write((put) => values.forEach((value) => put(randomKey(), value)));
    this.#doc.getArray('elsewhere').push(['junk']);
  }

  /** Bytes that mean nothing, beside the entries, where no repair takes them away. */
  burden(bytes: number): void {
    for (let left = bytes; left > 0; left -= 50_000) this.#doc.getArray('elsewhere').push([systemRandom.bytes(50_000)]);
  }

  /** Entries of 64 KB: the first byte claims the version everybody knows. */
  writeOversized(count: number): void {
    this.#write((put) => {
      for (let i = 0; i < count; i++) put(randomKey(), concatBytes(Uint8Array.of(1), systemRandom.bytes(64 * 1024)));
    });
  }

  /** Records that claim to be somebody else's, sealed with the circle's key and signed with one's own. */
  async forge(words: string): Promise<number> {
    const devices = await this.#otherDevices();
    for (const device of devices) {
      const slots = ['now', 'ledger', 'roster/leave', `kept/${this.#forged++}`];
      for (const slot of slots) await this.#sign({ device, slot, words, ver: 1_000_000, ms: systemClock.nowMs() });
    }
    return devices.length;
  }

  /** Every entry goes back to the first version that was ever seen; how many had another. */
  replayOldVersions(): number {
    const old = [...this.#seen].filter(([, versions]) => versions.length > 1);
    this.#write((put) => old.forEach(([key, [first]]) => put(key, first)));
    return old.length;
  }

  /** True records under keys that are not theirs. */
  misplace(): void {
    const envelopes = [...this.#seen.values()].map((versions) => versions.at(-1) as Bytes);
    this.#write((put) => envelopes.forEach((envelope) => put(randomKey(), envelope)));
  }

  /** Says something with one's own true signature, dated as one likes. */
  async sayDated(words: string, ms: number): Promise<void> {
    await this.#sign({ device: this.#circle.keyring.device.id, slot: `dated/${ms}`, words, ver: 1, ms });
  }

  /** An envelope of a format that does not exist yet. */
  writeNewerEnvelope(): void {
    this.#write((put) => put(randomKey(), concatBytes(Uint8Array.of(2), systemRandom.bytes(300))));
  }

  deleteEverything(): void {
    this.#doc.transact(() => [...this.#map.keys()].forEach((key) => this.#map.delete(key)));
  }

  overwriteEverything(): void {
    this.#write((put) =>
      [...this.#map.keys()].forEach((key) => put(key, concatBytes(Uint8Array.of(1), systemRandom.bytes(300))))
    );
  }

  #write(write: (put: (key: string, value: unknown) => void) => void): void {
    this.#doc.transact(() => write((key, value) => this.#map.set(key, value)));
  }

  #remember(key: string): void {
    const value = this.#map.get(key);
    if (value instanceof Uint8Array) this.#seen.set(key, [...(this.#seen.get(key) ?? []), value as Bytes]);
  }

  #isGenuine(key: string): boolean {
    const value = this.#map.get(key);
    return (
      value instanceof Uint8Array && (this.#seen.get(key) ?? []).some((seen) => bytesToId(seen) === bytesToId(value))
    );
  }

  async #otherDevices(): Promise<DeviceId[]> {
    const { epochs, device } = this.#circle.keyring;
    const devices = new Set<DeviceId>();
    for (const versions of this.#seen.values()) {
      const record = await openRecord(versions.at(-1) as Bytes, epochs);
      if (record.ok && record.value.payload.device !== device.id) devices.add(record.value.payload.device);
    }
    return [...devices];
  }

  async #sign(as: { device: DeviceId; slot: string; words: string; ver: number; ms: number }): Promise<void> {
    const { current, device } = this.#circle.keyring;
    const payload: Payload = {
      circle: current.circle,
      epoch: current.epoch,
      device: as.device,
      seq: 900_000 + this.#forged++,
      slot: as.slot,
      ver: as.ver,
      time: { ms: as.ms, count: 0 },
      expMs: null,
      kind: kinds.checkIn,
      body: { id: systemRandom.bytes(idBytesLength), feelings: [], words: as.words }
    };
    const { key, envelope } = unwrap(await sealRecord(current, device, payload, systemRandom));
    this.#write((put) => put(key, envelope));
  }
}

const randomKey = (): string => bytesToId<MapKey>(systemRandom.bytes(idBytesLength));
const isMapKey = (key: string): boolean => /^[\w-]{21}[AQgw]$/.test(key);
