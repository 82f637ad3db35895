/**
 * Somebody with a device's keys who means harm: a member who turned, a member who was voted out, a thief with a lost phone.
 *
 * It hears everything that travels, opens what its keys open, follows the circle from epoch to epoch as long as somebody seals to
 * it, and writes whatever it likes into every room and mailbox that it can find. Everything it does is one of `tricks`.
 */
import * as Y from 'yjs';
import { bytesToBase64Url, type Bytes } from '../../../src/lib/base/bytes.ts';
import { dayMs, hourMs } from '../../../src/lib/base/clock.ts';
import {
  idBytesLength,
  idToBytes,
  type DeviceId,
  type EpochId,
  type InviteId,
  type MapKey,
  type PersonId
} from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { ackSlot, ledgerSlot } from '../../../src/lib/circle/slots.ts';
import { reduceCircle, type CircleState, type Epoch } from '../../../src/lib/circle/epochs.ts';
import { makeAsk } from '../../../src/lib/circle/joining.ts';
import {
  epochIdOf,
  manifestSlot,
  manifestToBody,
  type ListedPerson,
  type ManifestTerms
} from '../../../src/lib/circle/manifest.ts';
import { devicesOf } from '../../../src/lib/circle/members.ts';
import { readSealsBody, sealEpoch, sealsSlot } from '../../../src/lib/circle/seals.ts';
import { addDeviceSlot, addPersonSlot, rebindSlot, voteSlot } from '../../../src/lib/circle/slots.ts';
import { readStatement, type Statement } from '../../../src/lib/circle/statements.ts';
import { generateDeviceSecrets, importDevice, type DeviceIdentity } from '../../../src/lib/crypto/device.ts';
import { commitmentOf, deriveEpochKeys, noticeKeys, type EpochKeys } from '../../../src/lib/records/epoch-keys.ts';
import { roomTopic } from '../../../src/lib/records/meeting-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { Payload } from '../../../src/lib/records/payload.ts';
import { sealRecord } from '../../../src/lib/records/record.ts';
import { openRecord, sealAgain, type OpenedRecord } from '../../../src/lib/records/opened-record.ts';
import type { LocalCircle } from '../../../src/lib/store/circles.ts';
import type { Mailbox } from '../../../src/lib/sync/envelope-carrier.ts';
import { withSeededKeys } from '../friend.ts';
import { secretMark, type SimulatedNetwork } from '../network.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { openAny } from './plunder.ts';

export interface TraitorDependencies {
  readonly network: SimulatedNetwork;
  readonly random: SeededRandom;
  /** All that travelled, each once. */
  readonly overheard: () => Iterable<readonly [string, Bytes]>;
  /** Is told of every vote that it casts itself, and of every key it makes. */
  readonly onVote: (on: PersonId, by: PersonId) => void;
  readonly onKeys: (device: DeviceIdentity) => void;
  /** Is shown every envelope that it writes itself, before it does. */
  readonly onEnvelope: (envelope: Bytes) => void;
}

/** An epoch it has the keys of, and where it sits in it. */
interface Place {
  readonly keys: EpochKeys;
  readonly secret: Bytes | undefined;
  readonly doc: Y.Doc;
  readonly mailboxes: readonly Mailbox[];
  readonly leave: () => void;
}

type Trick = () => Promise<unknown>;

export class Traitor {
  readonly name: string;
  readonly #circle: LocalCircle;
  readonly #deps: TraitorDependencies;
  readonly #places = new Map<EpochId, Place>();
  /** With how many of its keys it has tried what it heard. */
  readonly #tried = new Map<string, number>();
  readonly #opened = new Map<string, OpenedRecord>();
  readonly #statements = new Map<string, Statement>();
  readonly #withheld: Trick[] = [];
  /** Its puppets: devices of people who never were. */
  readonly #puppets: DeviceIdentity[] = [];
  #seq = 5000;
  #left = false;

  constructor(name: string, circle: LocalCircle, deps: TraitorDependencies) {
    this.name = name;
    this.#circle = circle;
    this.#deps = deps;
  }

  /** Sits down wherever its keyring leads. */
  async enter(): Promise<void> {
    for (const keys of this.#circle.keyring.heldEpochs)
      await this.#sitIn(keys, this.#circle.keyring.secretOf(keys.epoch));
  }

  leave(): void {
    this.#left = true;
    this.#places.forEach(({ leave }) => leave());
  }

  /** Does one harmful thing and says which. */
  async act(): Promise<string> {
    await this.#listen();
    const [name, trick] = this.#deps.random.pick(Object.entries(this.#tricks)) as [string, Trick];
    await trick();
    return name;
  }

  /** Shows everything that it kept to itself until now. */
  async showWithheld(): Promise<void> {
    await this.#listen();
    for (const show of this.#withheld.splice(0)) await show();
  }

  readonly #tricks: Readonly<Record<string, Trick>> = {
    vote: () => this.#vote(),
    forgedVotes: () => this.#forgeVotes(),
    backdatedPuppet: () => this.#addPuppet(),
    puppetVotes: () => this.#puppetVotes(),
    withheldVote: async () => this.#withhold(await this.#voteOf(this.#circle.keyring.device)),
    replay: () => this.#replay(),
    resurrect: () => this.#resurrect(),
    rivalEpoch: () => this.#rivalEpoch(1),
    rivalChain: () => this.#rivalEpoch(3),
    freshRival: () => this.#rivalEpoch(1, 'fresh'),
    twoChildren: async () => {
      await this.#rivalEpoch(1);
      await this.#rivalEpoch(1);
    },
    twoSecrets: () => this.#twoSecrets(),
    garbageSeals: () => this.#garbageSeals(),
    omits: () => this.#unprovedEpoch('omits'),
    removesUnproved: () => this.#unprovedEpoch('removes'),
    dropsUnproved: () => this.#unprovedEpoch('drops'),
    addsUnproved: () => this.#unprovedEpoch('adds'),
    wipe: async () => this.#places.forEach(({ doc }) => wipe(doc)),
    flood: () => this.#flood(),
    rebindToSelf: () => this.#rebindToSelf(),
    revokeOthers: () => this.#revokeOthers(),
    lyingLedger: () =>
      this.#say({
        kind: kinds.ledger,
        slot: ledgerSlot,
        seq: 0,
        ver: ++this.#seq,
        body: { ranges: [[1, 9]], hash: this.#deps.random.bytes(32) }
      }),
    lyingAck: () =>
      this.#say({
        kind: kinds.ack,
        slot: ackSlot,
        seq: 0,
        ver: ++this.#seq,
        body: { acks: [[this.#deps.random.bytes(16), 9_000_000]] }
      }),
    lie: () => this.#say({ slot: `lie/${++this.#seq}` }),
    backdatedLie: () =>
      this.#say({ slot: `lie/${++this.#seq}`, time: { ms: this.#deps.network.time.nowMs - 30 * dayMs, count: 0 } })
  };

  /** Opens what it can of all that travelled, and sits down wherever that leads. */
  async #listen(): Promise<void> {
    for (let learned = true; learned;) {
      learned = false;
      const keys = [...this.#places.values()].flatMap((place) => [place.keys, noticeKeys(place.keys.lighthouse)]);
      for (const [name, bytes] of [...this.#deps.overheard()]) {
        const tried = this.#tried.get(name) ?? 0;
        if (this.#opened.has(name) || tried === keys.length) continue;
        this.#tried.set(name, keys.length);
        const record = await openRecord(bytes, keys.slice(tried));
        if (!record.ok) continue;
        this.#opened.set(name, record.value);
        const statement = await readStatement(record.value);
        if (statement !== undefined) this.#statements.set(statement.hash, statement);
        const seals = readSealsBody(record.value.payload.body);
        if (record.value.payload.kind !== kinds.seals || seals === undefined || this.#places.has(seals.epoch)) continue;
        const { circle, device, slot } = this.#circle.keyring;
        const [secret] = await openAny(circle, device.agreeKeys, seals);
        if (secret === undefined) continue;
        await this.#sitIn(await deriveEpochKeys(circle, seals.epoch, secret, slot), secret);
        learned = true;
      }
    }
  }

  async #sitIn(keys: EpochKeys, secret: Bytes | undefined): Promise<void> {
    if (this.#places.has(keys.epoch) || this.#left) return;
    const doc = new Y.Doc();
    doc.clientID = this.#deps.random.whole(1, 2 ** 31);
    const topic = await roomTopic(keys.lighthouse, 0);
    const seat = {
      device: this.#circle.keyring.device.id,
      topic,
      doc,
      onPeers: () => undefined,
      onSynced: () => undefined
    };
    const leave = this.#deps.network.rooms.enter({ ...seat, owner: `${this.name} ${this.#places.size % 2}` });
    const mailboxes = this.#deps.network.createMailboxes(keys.epoch);
    mailboxes.forEach((mailbox) =>
      mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined })
    );
    this.#places.set(keys.epoch, { keys, secret, doc, mailboxes, leave });
  }

  get #place(): Place {
    return this.#deps.random.pick([...this.#places.values()]) as Place;
  }

  #state(): CircleState {
    return reduceCircle([...this.#statements.values()]);
  }

  /** Signs what it likes, in whatever epoch, and puts it into the rooms and mailboxes it knows. */
  async #say(
    claims: Partial<Payload>,
    by: DeviceIdentity = this.#circle.keyring.device,
    place = this.#place
  ): Promise<void> {
    const record = await this.#sign(claims, by, place);
    await this.#publish(record.key, record.envelope, place);
    const opened = await openRecord(record.envelope, [place.keys]);
    if (opened.ok) {
      const statement = await readStatement(opened.value);
      if (statement !== undefined) this.#statements.set(statement.hash, statement);
    }
    if (!opened.ok) return;
    // For whoever keeps only the lighthouse, and elsewhere too: what it knows of one epoch, in the room of another.
    const notice = await sealAgain(noticeKeys(place.keys.lighthouse), opened.value, this.#deps.random);
    await this.#publish(record.key, notice, place);
    const other = this.#place;
    if (other !== place)
      await this.#publish(record.key, await sealAgain(other.keys, opened.value, this.#deps.random), other);
  }

  async #sign(claims: Partial<Payload>, by: DeviceIdentity, { keys }: Place) {
    const payload: Payload = {
      circle: keys.circle,
      epoch: keys.epoch,
      device: by.id,
      seq: ++this.#seq,
      slot: 'now',
      ver: this.#seq,
      time: { ms: this.#deps.network.time.nowMs - this.#deps.random.whole(0, 5) * hourMs, count: 0 },
      expMs: null,
      kind: kinds.checkIn,
      body: { id: this.#deps.random.bytes(idBytesLength), words: `${secretMark} lie ${this.#seq}`, feelings: [] },
      ...claims
    };
    return unwrap(await sealRecord(keys, by, payload, this.#deps.random));
  }

  async #publish(key: MapKey, envelope: Bytes, { doc, mailboxes }: Place): Promise<void> {
    this.#deps.onEnvelope(envelope);
    doc.getMap('envelopes').set(key, envelope);
    for (const mailbox of mailboxes) await mailbox.push([{ envelope }], 'single');
  }

  #withhold(show: Trick): void {
    this.#withheld.push(show);
  }

  /** A vote of a device, to be shown at once or later. */
  async #voteOf(by: DeviceIdentity, on?: PersonId): Promise<Trick> {
    const place = this.#place;
    const target = on ?? this.#anybody();
    return async () => {
      if (target === undefined) return;
      const person = this.#state().roster.devicesById.get(by.id)?.person;
      if (person !== undefined) this.#deps.onVote(target, person);
      await this.#say(
        { kind: kinds.vote, slot: voteSlot(target), ver: 1, body: { person: idToBytes(target) } },
        by,
        place
      );
    };
  }

  async #vote(): Promise<void> {
    await (
      await this.#voteOf(this.#circle.keyring.device)
    )();
  }

  #anybody(): PersonId | undefined {
    const own = this.#state().roster.devicesById.get(this.#circle.keyring.device.id)?.person;
    return this.#deps.random.pick(
      this.#state()
        .roster.people.map(({ id }) => id)
        .filter((id) => id !== own)
    );
  }

  /** Votes in the names of all others, signed by itself. */
  async #forgeVotes(): Promise<void> {
    const target = this.#anybody();
    if (target === undefined) return;
    for (const device of this.#state().roster.devicesById.keys())
      await this.#say({
        device,
        kind: kinds.vote,
        slot: voteSlot(target),
        ver: 1,
        body: { person: idToBytes(target) }
      });
  }

  /** Lets in somebody who never was, in any epoch that it knows, dated as it likes. */
  async #addPuppet(): Promise<DeviceIdentity> {
    const { random, onKeys } = this.#deps;
    const [known] = this.#puppets;
    if (known !== undefined) return known;
    const device = await importDevice(
      await withSeededKeys(random.fork(`puppet ${this.#puppets.length}`), () => generateDeviceSecrets())
    );
    onKeys(device);
    const body = await this.#askedBody(device);
    await this.#say({ kind: kinds.addPerson, slot: addPersonSlot(device.id), ver: 1, body });
    this.#puppets.push(device);
    return device;
  }

  async #askedBody(device: DeviceIdentity, as?: 'device' | 'again'): Promise<Record<string, unknown>> {
    const { random } = this.#deps;
    const terms = {
      circle: this.#circle.keyring.circle,
      invite: bytesToBase64Url(random.bytes(16)) as InviteId,
      name: 'Nobody',
      keys: device.publicKeys,
      nonce: random.bytes(16),
      ...(as === undefined ? {} : { as })
    };
    const { proof } = await makeAsk(device, terms);
    return { invite: idToBytes(terms.invite), name: terms.name, nonce: terms.nonce, proof, ...device.publicKeys };
  }

  async #puppetVotes(): Promise<void> {
    const target = this.#anybody();
    for (const puppet of this.#puppets) {
      if (target !== undefined) this.#deps.onVote(target, puppet.id as string as PersonId);
      if (target !== undefined)
        await this.#say(
          { kind: kinds.vote, slot: voteSlot(target), ver: 1, body: { person: idToBytes(target) } },
          puppet
        );
    }
  }

  /** Everything it ever opened, said again everywhere. */
  async #replay(): Promise<void> {
    for (const record of this.#deps.random.chance(0.5)
      ? this.#opened.values()
      : [...this.#opened.values()].slice(0, 20)) {
      const place = this.#place;
      const keys = this.#deps.random.chance(0.5) ? place.keys : noticeKeys(place.keys.lighthouse);
      await this.#publish(record.key, await sealAgain(keys, record, this.#deps.random), place);
    }
  }

  /** Puts back the first version of what was corrected or taken back. */
  async #resurrect(): Promise<void> {
    const firsts = new Map<MapKey, OpenedRecord>();
    for (const record of this.#opened.values()) {
      const first = firsts.get(record.key);
      if (first === undefined || record.payload.ver < first.payload.ver) firsts.set(record.key, record);
    }
    for (const record of firsts.values()) {
      const place = this.#place;
      await this.#publish(record.key, await sealAgain(place.keys, record, this.#deps.random), place);
    }
  }

  /** A child of some epoch, or a chain of them, in which everybody is who was, and it itself. */
  async #rivalEpoch(length: number, why: ManifestTerms['why'] = 'tidied'): Promise<void> {
    let place = this.#place;
    for (let i = 0; i < length; i++) {
      const epoch = this.#state().epochs.get(place.keys.epoch);
      if (epoch === undefined) return;
      const next = await this.#makeEpoch(place, {
        parent: epoch.id,
        why,
        people: listOf(epoch),
        removed: [],
        dropped: []
      });
      if (next === undefined) return;
      place = next;
    }
  }

  async #makeEpoch(place: Place, terms: Omit<ManifestTerms, 'commit'>, sealed?: Bytes): Promise<Place | undefined> {
    const { random } = this.#deps;
    const { circle, device, slot } = this.#circle.keyring;
    const secret = random.bytes(32);
    const body = manifestToBody({ ...terms, commit: await commitmentOf(secret) }, random.bytes(16));
    const epoch = await epochIdOf(circle, device.id, body);
    const { roster } = this.#state();
    // It hands the keys to everybody: an epoch whose keys nobody has is another matter, which no rule mends yet.
    const agree = [...roster.devicesById.values()].filter(({ out }) => out !== true).map(({ keys }) => keys.agree);
    const seals = await sealEpoch(circle, { epoch, secret: sealed ?? secret }, agree, random);
    await this.#say({ kind: kinds.manifest, slot: manifestSlot(epoch), ver: 1, body }, device, place);
    await this.#say({ kind: kinds.seals, slot: sealsSlot(epoch), ver: 1, body: seals }, device, place);
    await this.#sitIn(await deriveEpochKeys(circle, epoch, secret, slot), secret);
    return this.#places.get(epoch);
  }

  /** Seals of the newest epoch that hand out another secret than the one that was committed to, to some. */
  async #twoSecrets(): Promise<void> {
    const { random } = this.#deps;
    const { circle } = this.#circle.keyring;
    const place = this.#place;
    if (this.#isMine(place)) return;
    const { roster } = this.#state();
    const agree = [...roster.devicesById.values()].map(({ keys }) => keys.agree);
    for (let ver = 1; ver < 3; ver++) {
      const seals = await sealEpoch(circle, { epoch: place.keys.epoch, secret: random.bytes(32) }, agree, random);
      await this.#say({ kind: kinds.seals, slot: sealsSlot(place.keys.epoch), ver: ++this.#seq, body: seals });
    }
  }

  async #garbageSeals(): Promise<void> {
    const { random } = this.#deps;
    const seals = Array.from({ length: random.whole(1, 100) }, () => random.bytes(80));
    const place = this.#place;
    if (this.#isMine(place)) return;
    const { epoch } = place.keys;
    await this.#say({
      kind: kinds.seals,
      slot: sealsSlot(epoch),
      ver: ++this.#seq,
      body: { epoch: idToBytes(epoch), seals }
    });
  }

  /** Whether it began this epoch itself: then its own seals are all that hand out the keys. */
  #isMine({ keys }: Place): boolean {
    return this.#state().epochs.get(keys.epoch)?.manifest?.author === this.#circle.keyring.device.id;
  }

  /** A manifest that leaves somebody out, or lets somebody in, without any proof. */
  async #unprovedEpoch(how: 'omits' | 'removes' | 'drops' | 'adds'): Promise<void> {
    const place = this.#place;
    const epoch = this.#state().epochs.get(place.keys.epoch);
    const victim = this.#anybody();
    if (epoch === undefined || victim === undefined) return;
    const people = listOf(epoch).filter(({ id }) => id !== victim);
    const devices = devicesOf(epoch.members, victim);
    const terms = {
      parent: epoch.id,
      why: 'changed' as const,
      people,
      removed: [] as PersonId[],
      dropped: [] as DeviceId[]
    };
    if (how === 'removes') terms.removed.push(victim);
    if (how === 'drops') {
      terms.dropped.push(...devices.slice(0, 1));
      terms.people.push({ id: victim, devices: devices.slice(1) });
    }
    if (how === 'adds') {
      const [puppet] = this.#puppets.length === 0 ? [await this.#addPuppet()] : this.#puppets;
      if (puppet !== undefined) terms.people.push({ id: victim, devices: [...devices, puppet.id] });
    }
    await this.#makeEpoch(place, terms);
  }

  async #flood(): Promise<void> {
    for (let i = 0; i < 6; i++) {
      const id = bytesToBase64Url(this.#deps.random.bytes(16)) as PersonId;
      await this.#say({ kind: kinds.vote, slot: voteSlot(id), ver: 1, body: { person: idToBytes(id) } });
    }
    for (let i = 0; i < 2; i++) await this.#unprovedEpoch('omits');
  }

  /** Vouches, by itself and by its puppets, that a device of its own is somebody else's. */
  async #rebindToSelf(): Promise<void> {
    const victim = this.#anybody();
    const { random, onKeys } = this.#deps;
    if (victim === undefined) return;
    const device = await importDevice(
      await withSeededKeys(random.fork(`rebind ${++this.#seq}`), () => generateDeviceSecrets())
    );
    onKeys(device);
    const body = { ...(await this.#askedBody(device, 'again')), person: idToBytes(victim) };
    for (const by of [this.#circle.keyring.device, ...this.#puppets])
      await this.#say({ kind: kinds.rebind, slot: rebindSlot(device.id), ver: 1, body }, by);
  }

  /** Takes off devices that are not its person's, and adds one to somebody else. */
  async #revokeOthers(): Promise<void> {
    const target = this.#deps.random.pick([...this.#state().roster.devicesById.keys()]);
    if (target === undefined || target === this.#circle.keyring.device.id) return;
    const own = this.#state().roster.devicesById.get(this.#circle.keyring.device.id)?.person;
    if (this.#state().roster.devicesById.get(target)?.person === own) return;
    await this.#say({ kind: kinds.vote, slot: voteSlot(target), ver: 1, body: { device: idToBytes(target) } });
    const [puppet] = this.#puppets;
    if (puppet !== undefined)
      await this.#say({
        kind: kinds.addDevice,
        slot: addDeviceSlot(puppet.id),
        ver: 1,
        body: await this.#askedBody(puppet, 'device')
      });
  }
}

const listOf = ({ members }: Epoch): ListedPerson[] =>
  [...members.people].map((id) => ({ id, devices: devicesOf(members, id) }));

const wipe = (doc: Y.Doc): void => {
  const map = doc.getMap('envelopes');
  doc.transact(() => [...map.keys()].forEach((key) => map.delete(key)));
};
