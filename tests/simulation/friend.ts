/**
 * What a person does on their device: the app's own commands, and remembering what was acknowledged.
 */
import { sayTo } from '../../src/lib/app/commands/saying.ts';
import { letIn, askToJoin, inviteFriend, turnAway } from '../../src/lib/app/commands/invitations.ts';
import type { Shoulder } from '../../src/lib/app/shoulder.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/base/clock.ts';
import type { DeviceId, PersonId, RecordHash } from '../../src/lib/base/ids.ts';
import { unwrap } from '../../src/lib/base/result.ts';
import { deriveInvitationKeys, readInvitation } from '../../src/lib/circle/invitation.ts';
import { openMessage, type Ask } from '../../src/lib/circle/joining.ts';
import type { JoinAs } from '../../src/lib/circle/transcript.ts';
import { deviceIdOf } from '../../src/lib/crypto/device.ts';
import { readInviteBody } from '../../src/lib/records/bodies.ts';
import { kinds } from '../../src/lib/records/kinds.ts';
import { openRecord } from '../../src/lib/records/opened-record.ts';
import type { Saying } from '../../src/lib/store/author.ts';
import type { LocalCircle } from '../../src/lib/store/circles.ts';
import { toStorageError } from '../../src/lib/store/database.ts';
import { rowsOfKind } from '../../src/lib/store/held-rows.ts';
import { foundCircle } from '../../src/lib/store/founding.ts';
import { stateGeneration } from '../../src/lib/store/generations.ts';
import { openJoining } from '../../src/lib/store/joinings.ts';
import { readRoster } from '../../src/lib/store/rosters.ts';
import { withSeededKeys } from './crypto/seeded-keys.ts';
import type { Device, Life } from './device.ts';
import { secretMark } from './network.ts';
import type { SeededRandom } from './seeded-random.ts';
import { wrongStamps } from './wrong-stamps.ts';

/** What `say` acknowledged: the newest version of each slot. */
export interface Acknowledged {
  readonly ver: number;
  readonly hash: RecordHash;
  readonly kind: number;
  /** All versions of a slot fade at one time, or never. */
  readonly expMs: number | null;
  /** Who it was for, besides its author; `null` for the whole circle. */
  readonly to: readonly PersonId[] | null;
}

/** Something to say, to everybody or to some. */
type Speech = Saying & Pick<Acknowledged, 'to'>;

export class Friend {
  readonly device: Device;
  readonly acknowledged = new Map<string, Acknowledged>();
  /** What it said with a time on it that no clock here would show. */
  readonly wrongStamps: string[] = [];
  readonly #random: SeededRandom;
  #said = 0;

  constructor(device: Device, random: SeededRandom) {
    this.device = device;
    this.#random = random;
  }

  get name(): string {
    return this.device.name;
  }

  async startCircle(): Promise<void> {
    const founding = {
      circleName: `${secretMark} circle`,
      personName: this.#personName(),
      own: false,
      relays: [simulatedRelay]
    };
    await withSeededKeys(this.#random.fork('keys'), async () => unwrap(await foundCircle(this.device.life, founding)));
  }

  /** A fresh link. */
  async invite(): Promise<string> {
    const { life } = this.device;
    return unwrap(await inviteFriend(asApp(life), await this.#circle(), new URL('https://shoulder.example/')));
  }

  /** Opens a link and asks, as whose device it may be; the device that will be on the roster. */
  async ask(link: string, as?: JoinAs): Promise<DeviceId> {
    const { life } = this.device;
    const invitation = unwrap(await readInvitation(link));
    await withSeededKeys(this.#random.fork('keys'), async () =>
      unwrap(await askToJoin(asApp(life), invitation, this.#personName(), as))
    );
    const row = await life.database.joinings.get((await deriveInvitationKeys(invitation.secret)).id);
    if (row === undefined) throw new Error('a request that was made is kept');
    return (await openJoining(life.vault, row)).device.id;
  }

  /** How the request stands, or `undefined` where none was made. */
  async joiningState(): Promise<string | undefined> {
    return (await this.device.life.database.joinings.toArray())[0]?.state;
  }

  /** Answers whoever asks here: yes to `expected`; no, or nothing at all, to others. */
  async answerDoor(expected: DeviceId): Promise<void> {
    const circle = await this.device.circle();
    if (circle === undefined) return;
    const app = asApp(this.device.life);
    for (const ask of await this.asks(circle)) {
      if ((await deviceIdOf(ask.terms.keys.sign)) === expected) unwrap(await letIn(app, circle, ask));
      else if (this.#random.chance(0.2)) await turnAway(app, circle, ask);
    }
  }

  /** Whether this friend has every invitation that `other` has, and so can keep the door in their place. */
  async holdsInvitationsOf(other: Friend): Promise<boolean> {
    const [held, wanted] = await Promise.all([this.#invitationKeys(), other.#invitationKeys()]);
    return wanted.every((key) => held.includes(key));
  }

  /** One random saying: mostly fresh, sometimes a correction, to few, taken back, or fading. */
  async speak(): Promise<void> {
    // The device may crash while its person thinks: what was begun then ends on a closed disk.
    const { life } = this.device;
    const circle = await this.#circle();
    const { to, ...saying } = this.#nextSpeech(life.clock.nowMs(), await othersIn(life, circle));
    const said =
      to === null ? await life.author.say(circle, saying) : await sayTo(asApp(life), circle, { ...saying, to });
    // A disk that was closed under the saying refuses; then nothing was acknowledged.
    if (!said.ok) return;
    const { hash, payload } = said.value;
    this.wrongStamps.push(...wrongStamps(this.device, payload.time.ms));
    const { kind, expMs } = saying;
    const taken = this.acknowledged.get(saying.slot);
    const keep = kind === kinds.gone && taken !== undefined ? taken.expMs : expMs;
    this.acknowledged.set(saying.slot, { ver: payload.ver, hash, kind, expMs: keep, to });
  }

  /** Says that the document is heavy with what is dead, whether or not it is: from today on the circle is in another room. */
  async stateGeneration(): Promise<void> {
    const { life } = this.device;
    const circle = await this.device.circle();
    if (circle !== undefined) await stateGeneration(life, circle, { isHeavy: true });
  }

  async #invitationKeys(): Promise<string[]> {
    const rows = await this.device.life.database.envelopes.where('exp').above(0).toArray();
    return rows.filter(({ kind }) => kind === kinds.invite).map(({ key }) => key);
  }

  #nextSpeech(nowMs: number, others: readonly PersonId[]): Speech {
    const old = this.#random.pick([...this.acknowledged.entries()]);
    if (old !== undefined && this.#random.chance(0.12))
      return { kind: kinds.gone, slot: old[0], body: {}, expMs: null, to: null };
    // What was to fade and was taken back is over: its slot is not used again (FA4).
    const isOver = old !== undefined && old[1].kind === kinds.gone && old[1].expMs !== null;
    const corrected = old !== undefined && !isOver && this.#random.chance(0.3) ? old : undefined;
    const number = ++this.#said;
    const words = `${secretMark} ${this.name} ${number} `.repeat(this.#random.pick([1, 1, 1, 30]) ?? 1);
    const point = this.#random.chance(0.5)
      ? { point: [this.#random.whole(-100, 100), this.#random.whole(-100, 100)] }
      : {};
    const body = { id: this.#random.bytes(16), words, feelings: [], ...point };
    const saying = { kind: kinds.checkIn, body };
    if (corrected !== undefined) {
      const [slot, { expMs, to }] = corrected;
      return { ...saying, slot, expMs, to };
    }
    if (this.#random.chance(0.5)) return { ...saying, slot: 'now', expMs: null, to: null };
    const lifetimeMs = this.#random.whole(minuteMs, this.#random.pick([hourMs, 2 * dayMs]) ?? hourMs);
    const expMs = this.#random.chance(0.4) ? nowMs + lifetimeMs : null;
    const to = this.#random.chance(0.3) ? others.filter(() => this.#random.chance(0.5)) : null;
    return { ...saying, slot: `${to === null ? 'kept' : 'private'}/${number}`, expMs, to };
  }

  /** Who asks here and was not answered. */
  async asks(circle: LocalCircle): Promise<Ask[]> {
    const { database } = this.device.life;
    const rows = (await database.asks.toArray()).filter(({ state }) => state === 'open');
    const asks: Ask[] = [];
    for (const envelope of await rowsOfKind(database, circle.n, kinds.invite)) {
      const record = await openRecord(envelope.bytes, circle.keyring.epochs);
      const body = record.ok ? readInviteBody(record.value.payload.body) : undefined;
      if (body === undefined) continue;
      const keys = await deriveInvitationKeys(body.secret);
      for (const row of rows.filter(({ invite }) => invite === keys.id)) {
        const message = await openMessage(keys, circle.keyring.circle, row.text);
        if (message?.type === 'ask') asks.push(message.ask);
      }
    }
    return asks;
  }

  async #circle(): Promise<LocalCircle> {
    const circle = await this.device.circle();
    if (circle === undefined) throw new Error('one speaks in a circle one is in');
    return circle;
  }

  #personName(): string {
    return `${secretMark} ${this.name}`;
  }
}

const simulatedRelay = 'wss://relay.example';

/** Everybody else who is in, as far as this device knows; nobody on a disk that was closed. */
const othersIn = async (life: Life, circle: LocalCircle): Promise<PersonId[]> => {
  const own = circle.keyring.device.id;
  try {
    const { people } = await readRoster(life.database, circle);
    return people.filter(({ devices, left }) => !left && !devices.includes(own)).map(({ id }) => id);
  } catch (error) {
    toStorageError(error);
    return [];
  }
};

/** The commands ask the app for these parts only. */
export const asApp = (life: Life): Shoulder =>
  ({
    ...life,
    instance: async () => ({ relays: [simulatedRelay], iceServers: [], serverNowMs: null })
  }) as unknown as Shoulder;
