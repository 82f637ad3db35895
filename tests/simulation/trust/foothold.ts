/**
 * What somebody with stolen or turned keys has of a circle: it hears everything that travels, opens what its keys open, follows the
 * circle from epoch to epoch as long as somebody seals to it, and writes whatever it likes into every room and mailbox that it
 * can find.
 */
import * as Y from 'yjs';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { hourMs } from '../../../src/lib/base/clock.ts';
import { idBytesLength, type EpochId, type MapKey, type PersonId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { reduceCircle, type CircleState } from '../../../src/lib/circle/epochs.ts';
import { readSealsBody } from '../../../src/lib/circle/seals.ts';
import { readStatement, type Statement } from '../../../src/lib/circle/statements.ts';
import type { DeviceIdentity } from '../../../src/lib/crypto/device.ts';
import { deriveEpochKeys, noticeKeys, type EpochKeys } from '../../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { openRecord, sealAgain, type OpenedRecord } from '../../../src/lib/records/opened-record.ts';
import type { Payload } from '../../../src/lib/records/payload.ts';
import { sealRecord } from '../../../src/lib/records/record.ts';
import type { LocalCircle } from '../../../src/lib/store/circles.ts';
import type { OpenKeyring } from '../../../src/lib/store/keyring.ts';
import type { Mailbox } from '../../../src/lib/sync/envelope-carrier.ts';
import { secretMark, type SimulatedNetwork } from '../network.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { openAny, type Travelled } from './plunder.ts';

export interface FootholdDependencies {
  readonly network: SimulatedNetwork;
  readonly random: SeededRandom;
  /** All that travelled, each once. */
  readonly overheard: () => Iterable<readonly [string, Travelled]>;
  /** Is told of every vote that it casts itself, and of every key it makes. */
  readonly onVote: (on: PersonId, by: PersonId) => void;
  readonly onKeys: (device: DeviceIdentity) => void;
  /** Is shown every envelope that it writes itself, before it does. */
  readonly onEnvelope: (envelope: Bytes) => void;
}

/** An epoch it has the keys of, and where it sits in it. */
export interface Place {
  readonly keys: EpochKeys;
  readonly secret: Bytes | undefined;
  readonly doc: Y.Doc;
  readonly mailboxes: readonly Mailbox[];
  readonly leave: () => void;
}

export class Foothold {
  readonly name: string;
  readonly keyring: OpenKeyring;
  readonly deps: FootholdDependencies;
  readonly random: SeededRandom;
  /** Everything it ever opened. */
  readonly opened = new Map<string, OpenedRecord>();
  /** Its puppets: devices of people who never were. */
  readonly puppets: DeviceIdentity[] = [];
  readonly #places = new Map<EpochId, Place>();
  /** With how many of its keys it has tried what it heard. */
  readonly #tried = new Map<string, number>();
  readonly #statements = new Map<string, Statement>();
  #seq = 5000;
  #left = false;

  constructor(name: string, { keyring }: LocalCircle, deps: FootholdDependencies) {
    this.name = name;
    this.keyring = keyring;
    this.deps = deps;
    this.random = deps.random;
  }

  /** Sits down wherever its keyring leads. */
  async enter(): Promise<void> {
    for (const keys of this.keyring.heldEpochs) await this.sitIn(keys, this.keyring.secretOf(keys.epoch));
  }

  leave(): void {
    this.#left = true;
    this.#places.forEach(({ leave }) => leave());
  }

  /** Some epoch it sits in. */
  get place(): Place {
    return this.random.pick([...this.#places.values()]) as Place;
  }

  /** Where it sat down last. */
  get newest(): Place {
    return [...this.#places.values()].at(-1) as Place;
  }

  get places(): ReadonlyMap<EpochId, Place> {
    return this.#places;
  }

  /** A sequence number or version that it has not used yet. */
  nextSeq(): number {
    return ++this.#seq;
  }

  /** The circle as far as it knows. */
  state(): CircleState {
    return reduceCircle([...this.#statements.values()]);
  }

  /** Whether it began this epoch itself: then its own seals are all that hand out the keys. */
  began({ keys }: Place): boolean {
    return this.state().epochs.get(keys.epoch)?.manifest?.author === this.keyring.device.id;
  }

  /** Somebody else in the circle. */
  anybody(): PersonId | undefined {
    const { people, devicesById } = this.state().roster;
    const own = devicesById.get(this.keyring.device.id)?.person;
    return this.random.pick(people.map(({ id }) => id).filter((id) => id !== own));
  }

  /** Opens what it can of all that travelled, and sits down wherever that leads. */
  async listen(): Promise<void> {
    for (let learned = true; learned;) {
      learned = false;
      const keys = [...this.#places.values()].flatMap((place) => [place.keys, noticeKeys(place.keys.lighthouse)]);
      for (const [name, { bytes }] of [...this.deps.overheard()]) {
        const tried = this.#tried.get(name) ?? 0;
        if (this.opened.has(name) || tried === keys.length) continue;
        this.#tried.set(name, keys.length);
        const record = await openRecord(bytes, keys.slice(tried));
        if (!record.ok) continue;
        this.opened.set(name, record.value);
        const statement = await readStatement(record.value);
        if (statement !== undefined) this.#statements.set(statement.hash, statement);
        const seals = readSealsBody(record.value.payload.body);
        if (record.value.payload.kind !== kinds.seals || seals === undefined || this.#places.has(seals.epoch)) continue;
        const { circle, device, slot } = this.keyring;
        const [secret] = await openAny(circle, device.agreeKeys, seals);
        if (secret === undefined) continue;
        await this.sitIn(await deriveEpochKeys(circle, seals.epoch, secret, slot), secret);
        learned = true;
      }
    }
  }

  /** Takes its seat in the room of an epoch, and opens its mailboxes. */
  async sitIn(keys: EpochKeys, secret: Bytes | undefined): Promise<void> {
    if (this.#places.has(keys.epoch) || this.#left) return;
    const doc = new Y.Doc();
    doc.clientID = this.random.whole(1, 2 ** 31);
    const topic = await roomTopic(keys.lighthouse, 0);
    const seat = {
      device: this.keyring.device.id,
      topic,
      doc,
      onPeers: () => undefined,
      onSynced: () => undefined
    };
    const leave = this.deps.network.rooms.enter({ ...seat, owner: `${this.name} ${this.#places.size % 2}` });
    const mailboxes = this.deps.network.createMailboxes(keys.epoch);
    mailboxes.forEach((mailbox) =>
      mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined })
    );
    this.#places.set(keys.epoch, { keys, secret, doc, mailboxes, leave });
  }

  /** Signs what it likes, in whatever epoch, and puts it into the rooms and mailboxes it knows. */
  async say(claims: Partial<Payload>, by: DeviceIdentity = this.keyring.device, place = this.place): Promise<void> {
    const record = await this.#sign(claims, by, place);
    await this.publish(record.key, record.envelope, place);
    const opened = await openRecord(record.envelope, [place.keys]);
    if (opened.ok) {
      const statement = await readStatement(opened.value);
      if (statement !== undefined) this.#statements.set(statement.hash, statement);
    }
    if (!opened.ok) return;
    // For whoever keeps only the lighthouse, and elsewhere too: what it knows of one epoch, in the room of another.
    const notice = await sealAgain(noticeKeys(place.keys.lighthouse), opened.value, this.random);
    await this.publish(record.key, notice, place);
    const other = this.place;
    if (other !== place) await this.publish(record.key, await sealAgain(other.keys, opened.value, this.random), other);
  }

  async #sign(claims: Partial<Payload>, by: DeviceIdentity, { keys }: Place) {
    const seq = this.nextSeq();
    const payload: Payload = {
      circle: keys.circle,
      epoch: keys.epoch,
      device: by.id,
      seq,
      slot: 'now',
      ver: seq,
      time: { ms: this.deps.network.time.nowMs - this.random.whole(0, 5) * hourMs, count: 0 },
      expMs: null,
      kind: kinds.checkIn,
      body: { id: this.random.bytes(idBytesLength), words: `${secretMark} lie ${seq}`, feelings: [] },
      ...claims
    };
    return unwrap(await sealRecord(keys, by, payload, this.random));
  }

  /** Puts an envelope into the room and the mailboxes of an epoch. */
  async publish(key: MapKey, envelope: Bytes, { doc, mailboxes }: Place): Promise<void> {
    this.deps.onEnvelope(envelope);
    doc.getMap('envelopes').set(key, envelope);
    for (const mailbox of mailboxes) await mailbox.push([{ envelope }], 'single');
  }
}
