/** Ana, Bo, Mia and the others, in a circle that Ana founded: what they sign, and what somebody else would forge. */
import { bytesToId, idToBytes, type CircleId, type EpochId, type InviteId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { makeAsk } from '../../../src/lib/circle/joining.ts';
import {
  addPersonSlot,
  circleIdOf,
  genesisSlot,
  leaveSlot,
  readStatement,
  type Statement
} from '../../../src/lib/circle/statements.ts';
import { importDevice, type DeviceIdentity, type DeviceSecrets } from '../../../src/lib/crypto/device.ts';
import { deriveEpochKeys, type EpochKeys } from '../../../src/lib/records/epoch-keys.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { Payload } from '../../../src/lib/records/payload.ts';
import { openRecord, sealRecord, type OpenedRecord, type SealedRecord } from '../../../src/lib/records/record.ts';
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

const names = ['Ana', 'Bo', 'Mia', 'Jo', 'Eve'];
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

  private constructor(id: CircleId, keys: EpochKeys, founder: Friend) {
    this.id = id;
    this.keys = keys;
    this.founder = founder;
  }

  /** Founded by friend `n` (0 is Ana); the same circle every time. */
  static async by(n = 0): Promise<FoundedCircle> {
    const founder = await friend(n);
    const id = await circleIdOf(founder.secrets.publicKeys.sign, nonce);
    return new FoundedCircle(id, await deriveEpochKeys(id, epoch, epochSecret), founder);
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
  async addition(
    author: Friend,
    newcomer: Friend,
    changes: { said?: Said; body?: Record<string, unknown>; inviteNumber?: number } = {}
  ): Promise<SealedRecord> {
    const invite = bytesToId<InviteId>(seededRandom(1000 + (changes.inviteNumber ?? 0)).bytes(16));
    const askNonce = seededRandom(5).bytes(16);
    const { publicKeys } = newcomer.secrets;
    const terms = { circle: this.id, invite, name: newcomer.name, keys: publicKeys, nonce: askNonce };
    const { proof } = await makeAsk(newcomer.device, terms);
    const body = {
      invite: idToBytes(invite),
      name: newcomer.name,
      nonce: askNonce,
      proof,
      ...publicKeys,
      ...changes.body
    };
    return this.say(author, {
      seq: 2,
      slot: addPersonSlot(newcomer.device.id),
      kind: kinds.addPerson,
      body,
      ...changes.said
    });
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
}
