/**
 * One device of somebody who is honest, and what its person says with it about who is in the circle.
 */
import { leaveCircle, speakForRemoval, takeDeviceOff } from '../../../src/lib/app/commands/people.ts';
import { inviteFriend, vouchFor } from '../../../src/lib/app/commands/invitations.ts';
import { assert } from '../../../src/lib/base/assert.ts';
import { idToBytes, type DeviceId, type EpochId, type InviteId, type PersonId } from '../../../src/lib/base/ids.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import type { CircleState } from '../../../src/lib/circle/epochs.ts';
import { makeAsk, type Ask } from '../../../src/lib/circle/joining.ts';
import type { EpochReason } from '../../../src/lib/circle/manifest.ts';
import { addDeviceSlot, addPersonSlot } from '../../../src/lib/circle/slots.ts';
import type { JoinAs } from '../../../src/lib/circle/transcript.ts';
import { deviceIdOf, generateDeviceSecrets, importDevice, type DeviceSecrets } from '../../../src/lib/crypto/device.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import type { LocalCircle } from '../../../src/lib/store/circles.ts';
import { beginEpoch } from '../../../src/lib/store/epoch-making.ts';
import { statementRows } from '../../../src/lib/store/held-rows.ts';
import { readState } from '../../../src/lib/store/rosters.ts';
import { enterCircle } from '../../../src/lib/sync/entering.ts';
import type { Device } from '../device.ts';
import { withSeededKeys } from '../crypto/seeded-keys.ts';
import { asApp, Friend } from '../friend.ts';
import { secretMark } from '../network.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** A newcomer's device that is let in by hand, without a network. */
export interface Candidate {
  readonly member: Member;
  readonly secrets: DeviceSecrets;
  readonly ask: Ask;
}

export class Member extends Friend {
  /** Its id, once it has asked. */
  id: DeviceId | undefined;
  readonly #keyRandom: SeededRandom;

  constructor(device: Device, random: SeededRandom) {
    super(device, random);
    this.#keyRandom = random.fork('keys');
  }

  get isAwake(): boolean {
    return this.device.isAwake;
  }

  async #here(): Promise<LocalCircle> {
    const circle = await this.device.circle();
    assert(circle !== undefined, 'who speaks about a circle is in it');
    return circle;
  }

  async state(): Promise<CircleState> {
    return readState(this.device.life.database, await this.#here());
  }

  /** As `state`, of a device that may be in no circle yet. */
  async stateIfAny(): Promise<CircleState | undefined> {
    return (await this.device.circle()) === undefined ? undefined : this.state();
  }

  /** Which device is this one's, on its own disk. */
  async ownId(): Promise<DeviceId> {
    return (await this.#here()).keyring.device.id;
  }

  /** Whether this device still is where its circle is, as far as it knows. */
  async isIn(): Promise<boolean> {
    const { head } = await this.state();
    const person = head?.members.personOf.get(await this.ownId());
    return person !== undefined && head?.members.people.has(person) === true;
  }

  /** The epoch it is in. */
  async epoch(): Promise<EpochId | undefined> {
    return (await this.device.circle())?.keyring.current.epoch;
  }

  /** A link, or none where the circle is full. */
  async tryInvite(): Promise<string | undefined> {
    const link = await inviteFriend(asApp(this.device.life), await this.#here(), new URL('https://shoulder.example/'));
    return link.ok ? link.value : undefined;
  }

  async vote(person: PersonId): Promise<void> {
    await speakForRemoval(asApp(this.device.life), await this.#here(), person);
  }

  async takeOff(device: DeviceId): Promise<void> {
    await takeDeviceOff(asApp(this.device.life), await this.#here(), device);
  }

  async leave(words: 'stay' | 'go'): Promise<void> {
    await leaveCircle(asApp(this.device.life), await this.#here(), { words });
  }

  async begin(why: EpochReason): Promise<boolean> {
    const begun = await beginEpoch(this.device.life, await this.#here(), why);
    return begun.ok && begun.value;
  }

  /** Says that a device that asked is one more of this person's own. */
  async addOwn(expected: DeviceId): Promise<void> {
    const circle = await this.device.circle();
    if (circle === undefined) return;
    for (const ask of await this.asks(circle)) {
      if ((await deviceIdOf(ask.terms.keys.sign)) !== expected || ask.terms.as !== 'device') continue;
      const { roster } = await this.state();
      if (roster.devicesById.has(expected)) continue;
      const saying = { kind: kinds.addDevice, slot: addDeviceSlot(expected), body: bodyOf(ask), expMs: null };
      await this.device.life.author.say(circle, saying);
    }
  }

  /** Vouches that a device that asked to be let in again is this person's. Whether it found it asking. */
  async vouch(expected: DeviceId, person: PersonId): Promise<boolean> {
    const circle = await this.device.circle();
    if (circle === undefined) return false;
    for (const ask of await this.asks(circle)) {
      if ((await deviceIdOf(ask.terms.keys.sign)) !== expected) continue;
      await vouchFor(asApp(this.device.life), circle, ask, person);
      return true;
    }
    return false;
  }

  /** Keys and an ask, made at once: for a circle that comes together without anybody having to wait. */
  async makeCandidate(founder: Member, as?: JoinAs): Promise<Candidate> {
    const circle = await founder.#here();
    const secrets = await withSeededKeys(this.#keyRandom, () => generateDeviceSecrets());
    const device = await importDevice(secrets);
    this.id = device.id;
    const ask = await makeAsk(device, {
      circle: circle.keyring.circle,
      invite: idText<InviteId>(this.#keyRandom),
      name: `${secretMark} ${this.name}`,
      keys: device.publicKeys,
      nonce: this.#keyRandom.bytes(16),
      ...(as === undefined ? {} : { as })
    });
    return { member: this, secrets, ask };
  }

  /** Lets a candidate in as somebody new. */
  async admit({ ask }: Candidate): Promise<void> {
    const slot = addPersonSlot(await deviceIdOf(ask.terms.keys.sign));
    const saying = { kind: kinds.addPerson, slot, body: bodyOf(ask), expMs: null };
    unwrap(await this.device.life.author.say(await this.#here(), saying));
  }

  /** Lets a candidate in as one more device of one's own. */
  async addCandidate({ ask }: Candidate): Promise<void> {
    const slot = addDeviceSlot(await deviceIdOf(ask.terms.keys.sign));
    const saying = { kind: kinds.addDevice, slot, body: bodyOf(ask), expMs: null };
    unwrap(await this.device.life.author.say(await this.#here(), saying));
  }

  /** Enters with all that the founder holds. */
  async enterWith(founder: Member, { secrets }: Candidate): Promise<void> {
    const { keyring, n } = await founder.#here();
    const { circle, currentSecret, generation, slot, founding } = keyring;
    const statements = (await statementRows(founder.device.life.database, n)).map(({ bytes }) => bytes);
    const welcome = { ...currentSecret, circle, generation, slot, founding, statements };
    const entrance = { device: secrets, epoch: undefined, relays: keyring.relays, own: false };
    const entered = await enterCircle(this.device.life, welcome, entrance, async () => undefined);
    assert(entered !== undefined, 'who was let in comes in');
  }
}

const bodyOf = ({ terms, proof }: Ask): Record<string, unknown> => ({
  invite: idToBytes(terms.invite),
  name: terms.name,
  nonce: terms.nonce,
  proof,
  ...terms.keys
});

const idText = <T extends string>(random: SeededRandom): T => Buffer.from(random.bytes(16)).toString('base64url') as T;
