/** Ana, Bo, Mia and the others, in a circle that Ana founded: what they sign, and what somebody else would forge. */
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import {
  bytesToId,
  idToBytes,
  type CircleId,
  type DeviceId,
  type EpochId,
  type InviteId,
  type PersonId
} from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { makeAsk } from '../../../src/lib/circle/joining.ts';
import { epochIdOf, manifestSlot, manifestToBody, type ManifestTerms } from '../../../src/lib/circle/manifest.ts';
import { circleIdOf } from '../../../src/lib/circle/circle-id.ts';
import {
  addDeviceSlot,
  addPersonSlot,
  genesisSlot,
  leaveSlot,
  rebindSlot,
  voteSlot
} from '../../../src/lib/circle/slots.ts';
import { readStatement, type Statement } from '../../../src/lib/circle/statements.ts';
import type { JoinAs } from '../../../src/lib/circle/transcript.ts';
import { importDevice, type DeviceIdentity, type DeviceSecrets } from '../../../src/lib/crypto/device.ts';
import { deriveEpochKeys, slotSecretOf, type EpochKeys } from '../../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { Payload } from '../../../src/lib/records/payload.ts';
import { sealRecord, type SealedRecord } from '../../../src/lib/records/record.ts';
import { openRecord, type OpenedRecord } from '../../../src/lib/records/opened-record.ts';
import { holdEpoch, type HeldEpoch } from '../../../src/lib/store/keyring.ts';
import { noonMs } from '../base/hand-clock.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { friendSecrets } from '../crypto/known-device.ts';

export interface Friend {
  readonly name: string;
  readonly secrets: DeviceSecrets;
  readonly device: DeviceIdentity;
}

/** What a record says besides circle and device; whatever is left out is a check-in, said at noon. */
export type Said = Partial<Omit<Payload, 'circle' | 'device'>>;

/** What a test says otherwise than the friend would. `as`: as what the newcomer asked. */
export interface Changes {
  readonly said?: Said;
  readonly body?: Record<string, unknown>;
  readonly inviteNumber?: number;
  readonly as?: JoinAs | 'person';
}

const names = ['Ana', 'Bo', 'Mia', 'Jo', 'Eve', 'Tom'];
const nonce = seededRandom(1).bytes(16);
const epochSecret = seededRandom(2).bytes(32);
const epoch = bytesToId<EpochId>(seededRandom(3).bytes(16));
export const random = seededRandom(4);
const saidIds = seededRandom(5);

/** The body of a check-in, with an id that no other has. */
export const checkInBody = (words = '', more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: saidIds.bytes(16),
  feelings: [],
  words,
  ...more
});

export const friend = async (n: number): Promise<Friend> => {
  const secrets = await friendSecrets(n);
  return { name: names[n] ?? `friend ${n}`, secrets, device: await importDevice(secrets) };
};

/** A circle as a test holds it: its keys, its founder, and whoever may come. */
export class FoundedCircle {
  readonly id: CircleId;
  readonly epochSecret = epochSecret;
  readonly keys: EpochKeys;
  readonly founder: Friend;
  /** As a keyring has them. */
  readonly held: HeldEpoch;
  readonly slotSecret: Bytes;

  private constructor(id: CircleId, founder: Friend, keys: EpochKeys, held: HeldEpoch, slotSecret: Bytes) {
    this.id = id;
    this.keys = keys;
    this.founder = founder;
    this.held = held;
    this.slotSecret = slotSecret;
  }

  /** Founded by friend `n` (0 is Ana); the same circle every time. */
  static async by(n = 0): Promise<FoundedCircle> {
    const founder = await friend(n);
    const id = await circleIdOf(founder.secrets.publicKeys.sign, nonce);
    const slotSecret = await slotSecretOf(epochSecret);
    const keys = await deriveEpochKeys(id, epoch, epochSecret, slotSecret);
    return new FoundedCircle(id, founder, keys, await holdEpoch({ epoch, secret: epochSecret }, noonMs), slotSecret);
  }

  /** A record of this circle, signed by `author` as `said.device` or as themselves. */
  async say(author: Friend, said: Said & Partial<Pick<Payload, 'circle' | 'device'>> = {}): Promise<SealedRecord> {
    const payload: Payload = {
      circle: this.id,
      epoch: this.keys.epoch,
      device: author.device.id,
      seq: 1,
      slot: 'now',
      ver: 1,
      time: { ms: noonMs, count: 0 },
      expMs: null,
      kind: kinds.checkIn,
      body: checkInBody(`${author.name} is here`),
      ...said
    };
    return unwrap(await sealRecord(this.keys, author.device, payload, random));
  }

  genesis(changes: { said?: Said; body?: Record<string, unknown>; author?: Friend } = {}): Promise<SealedRecord> {
    const { publicKeys } = this.founder.secrets;
    const body = { parent: null, nonce, name: 'Us', founder: this.founder.name, ...publicKeys, ...changes.body };
    const author = changes.author ?? this.founder;
    return this.say(author, { slot: genesisSlot, kind: kinds.manifest, body, ...changes.said });
  }

  /** `author` lets `newcomer` in on invitation number `inviteNumber`. */
  async addition(author: Friend, newcomer: Friend, changes: Changes = {}): Promise<SealedRecord> {
    const body = await this.#asked(newcomer, newcomer.name, changes, 'person');
    return this.say(author, {
      seq: 2,
      slot: addPersonSlot(newcomer.device.id),
      kind: kinds.addPerson,
      body,
      ...changes.said
    });
  }

  /** `author` takes one more device of theirs in. */
  async addDevice(author: Friend, device: Friend, changes: Changes = {}): Promise<SealedRecord> {
    const body = await this.#asked(device, 'my tablet', changes, 'device');
    return this.say(author, {
      seq: 3,
      slot: addDeviceSlot(device.device.id),
      kind: kinds.addDevice,
      body,
      ...changes.said
    });
  }

  /** `author` vouches that `device` is `person`'s. */
  async rebind(author: Friend, device: Friend, person: PersonId, changes: Changes = {}): Promise<SealedRecord> {
    const asked = await this.#asked(device, 'it is me again', changes, 'again');
    const body = { person: idToBytes(person), ...asked };
    return this.say(author, { seq: 4, slot: rebindSlot(device.device.id), kind: kinds.rebind, body, ...changes.said });
  }

  vote(author: Friend, on: { person: PersonId } | { device: DeviceId }, changes: Changes = {}): Promise<SealedRecord> {
    const target = 'person' in on ? on.person : on.device;
    const body = { ['person' in on ? 'person' : 'device']: idToBytes(target), ...changes.body };
    return this.say(author, { seq: 5, slot: voteSlot(target), kind: kinds.vote, body, ...changes.said });
  }

  async manifest(author: Friend, terms: ManifestTerms, changes: Changes = {}): Promise<SealedRecord> {
    const body = { ...manifestToBody(terms, nonce), ...changes.body };
    const slot = manifestSlot(await epochIdOf(this.id, author.device.id, body));
    return this.say(author, { seq: 6, epoch: terms.parent, slot, kind: kinds.manifest, body, ...changes.said });
  }

  leave(author: Friend, said: Said = {}): Promise<SealedRecord> {
    return this.say(author, { seq: 9, slot: leaveSlot, kind: kinds.leave, body: {}, ...said });
  }

  async open(record: SealedRecord): Promise<OpenedRecord> {
    return unwrap(await openRecord(record.envelope, [this.keys]));
  }

  /** The statement a record makes, which the test says it does. */
  async statement(record: SealedRecord): Promise<Statement> {
    const statement = await readStatement(await this.open(record));
    if (statement === undefined) throw new Error('the record makes a statement');
    return statement;
  }

  /** What a newcomer's device asked for and signed. */
  async #asked(
    { device, secrets: { publicKeys } }: Friend,
    name: string,
    { as: changed, body, inviteNumber = 0 }: Changes,
    usual: JoinAs | 'person'
  ): Promise<Record<string, unknown>> {
    const invite = bytesToId<InviteId>(seededRandom(1000 + inviteNumber).bytes(16));
    const askNonce = seededRandom(5).bytes(16);
    const terms = { circle: this.id, invite, name, keys: publicKeys, nonce: askNonce };
    const as = changed ?? usual;
    const { proof } = await makeAsk(device, as === 'person' ? terms : { ...terms, as });
    return { invite: idToBytes(invite), name, nonce: askNonce, proof, ...publicKeys, ...body };
  }
}
