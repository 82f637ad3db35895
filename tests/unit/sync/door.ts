/** A circle's door with people on both sides of it, on disks of their own, who never hear each other live. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { expect, vi } from 'vitest';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { letIn, turnAway, askToJoin } from '../../../src/lib/app/commands/invitations.ts';
import type { Shoulder } from '../../../src/lib/app/shoulder.ts';
import { base64UrlToBytes, bytesToBase64Url } from '../../../src/lib/base/bytes.ts';
import { inviteLifetimeMs } from '../../../src/lib/base/limits.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { deriveInvitationKeys, type Invitation, type InvitationKeys } from '../../../src/lib/circle/invitation.ts';
import { openMessage, sealMessage, type Ask, type InvitationMessage } from '../../../src/lib/circle/joining.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { Author } from '../../../src/lib/store/author.ts';
import { Circles, type LocalCircle } from '../../../src/lib/store/circles.ts';
import {
  createDatabase,
  type AskRow,
  type JoiningRow,
  type ShoulderDatabase
} from '../../../src/lib/store/database.ts';
import { openJoining } from '../../../src/lib/store/joinings.ts';
import { openVault, type Vault } from '../../../src/lib/store/vault.ts';
import type { Mailbox } from '../../../src/lib/sync/envelope-carrier.ts';
import { Inbox } from '../../../src/lib/sync/inbox.ts';
import { InviteDesk } from '../../../src/lib/sync/invite-desk.ts';
import { Joiner } from '../../../src/lib/sync/joiner.ts';
import { createInProcessNetwork } from '../../contract/in-process-transport.ts';
import { createMailPost, type MailPost } from '../../contract/in-process-carrier.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { noonMs } from '../base/hand-clock.ts';
import { FoundedCircle, type Friend } from '../circle/friends.ts';
import { createHandClock, type HandClock } from '../relay/hand-clock.ts';
import { keyringOf, queueLocks } from '../store/memory-database.ts';

export const relays = ['wss://one.example', 'wss://two.example'];

/** Waits until this no longer fails; on a machine that is busy with other things, too. */
export const eventually = (isSo: () => unknown): Promise<unknown> => vi.waitFor(isSo, 10_000);

/** Where everybody's mail is, and when. */
export interface Place {
  readonly clock: HandClock;
  readonly posts: readonly MailPost[];
  readonly circle: FoundedCircle;
  readonly invitation: Invitation;
  readonly keys: InvitationKeys;
  /** Whoever is still awake at the end is put to sleep. */
  readonly people: { sleep(): void }[];
}

const random = seededRandom(20);

interface Disk {
  readonly database: ShoulderDatabase;
  readonly vault: Vault;
  readonly circles: Circles;
  readonly author: Author;
}

let disksCount = 0;

/** Names of databases are never used twice, since live queries listen by name. */
const newDisk = async (clock: HandClock): Promise<Disk> => {
  const database = createDatabase(`door ${++disksCount}`, { indexedDB: new IDBFactory(), IDBKeyRange });
  const vault = await openVault(database, random);
  const circles = new Circles(database, vault);
  const author = new Author({ database, circles, clock, random, exclusively: queueLocks() });
  return { database, vault, circles, author };
};

/** A circle of Ana's with one invitation, and a mail post for each of its relays. */
export const createPlace = async (): Promise<Place> => {
  const clock = createHandClock(noonMs);
  const circle = await FoundedCircle.by();
  const secret = random.bytes(16);
  const untilMs = noonMs + inviteLifetimeMs;
  return {
    clock,
    circle,
    people: [],
    posts: relays.map((relay) => createMailPost(clock, relay)),
    invitation: { secret, circle: circle.id, untilMs, relays },
    keys: await deriveInvitationKeys(secret)
  };
};

const carried = (place: Place) => {
  const network = createInProcessNetwork({ clock: place.clock, random });
  network.setUp(false);
  return {
    createTransport: () => network.createTransport(),
    createInviteMailboxes: async (keys: InvitationKeys, named: readonly string[]): Promise<Mailbox[]> => {
      expect(named).toEqual(relays);
      return place.posts.map((post) => post.createMailbox(keys.id));
    }
  };
};

/** A member's phone, with the invitation on it. Its desk is there from `wake` to `sleep`. */
export class Member {
  readonly #place: Place;
  readonly #device: Disk & { readonly local: LocalCircle };
  #desk: InviteDesk | undefined;

  private constructor(place: Place, device: Disk & { readonly local: LocalCircle }) {
    this.#place = place;
    this.#device = device;
  }

  /** Ana, or somebody whom Ana has let in. */
  static async on(place: Place, who: Friend): Promise<Member> {
    const { circle, clock, invitation, keys } = place;
    const disk = await newDisk(clock);
    const row = disk.circles.newRow(circle.id, await disk.circles.wrap(circle.id, keyringOf(circle, who)));
    const n = await disk.database.circles.add(row);
    const device = { ...disk, local: await disk.circles.open({ ...row, n }) };
    const member = new Member(place, device);
    place.people.push(member);
    const isFounder = who.device.id === circle.founder.device.id;
    await member.#receive(await circle.genesis(), ...(isFounder ? [] : [await circle.addition(circle.founder, who)]));
    const said = { kind: kinds.invite, slot: `invite/${keys.id}`, body: { secret: invitation.secret } };
    unwrap(await device.author.say(device.local, { ...said, expMs: invitation.untilMs }));
    return member;
  }

  wake(): void {
    const { database } = this.#device;
    const deps = { database, clock: this.#place.clock, random, ...carried(this.#place) };
    this.#desk = new InviteDesk(deps, this.#device.local, relays);
    this.#desk.start();
  }

  sleep(): void {
    this.#desk?.stop();
  }

  asks(): Promise<AskRow[]> {
    return this.#device.database.asks.toArray();
  }

  /** Waits until this one is shown, as it is shown. */
  async hears(ask: Ask): Promise<AskRow> {
    const kept = async () => (await this.asks()).find(({ id }) => id === ask.id);
    await eventually(async () => expect(await kept()).toMatchObject({ state: 'open' }));
    return (await kept()) as AskRow;
  }

  async saysYes(ask: Ask): Promise<void> {
    unwrap(await letIn(this.#device as unknown as Shoulder, this.#device.local, ask));
  }

  saysNo(ask: Ask): Promise<void> {
    return turnAway(this.#device as unknown as Shoulder, this.#device.local, ask);
  }

  async #receive(...records: readonly { readonly envelope: Uint8Array<ArrayBuffer> }[]): Promise<void> {
    const { database, local } = this.#device;
    const outcomes = await new Inbox({ database, clock: this.#place.clock, random: systemRandom }, local).receive(
      records.map(({ envelope }) => ({ bytes: envelope }))
    );
    expect(outcomes.map(({ type }) => type)).toEqual(records.map(() => 'stored'));
  }
}

/** Somebody who opened the link and asks: from `wake` to `sleep`, on one disk. */
export class Newcomer {
  readonly #place: Place;
  readonly #app: Disk;
  readonly ask: Ask;
  #joiner: Joiner | undefined;

  private constructor(place: Place, app: Disk, ask: Ask) {
    this.#place = place;
    this.#app = app;
    this.ask = ask;
  }

  static async on(place: Place, name: string): Promise<Newcomer> {
    const { clock, invitation } = place;
    const app = { ...(await newDisk(clock)), random };
    unwrap(await askToJoin(app as unknown as Shoulder, invitation, name));
    const row = (await app.database.joinings.toArray())[0] as JoiningRow;
    const newcomer = new Newcomer(place, app, (await openJoining(app.vault, row)).ask);
    place.people.push(newcomer);
    return newcomer;
  }

  async wake(): Promise<void> {
    const { database, vault, circles } = this.#app;
    const row = await this.row();
    const deps = { database, circles, clock: this.#place.clock, random, ...carried(this.#place) };
    this.#joiner = new Joiner(deps, row, await openJoining(vault, row));
    this.#joiner.start();
  }

  sleep(): void {
    this.#joiner?.stop();
  }

  async row(): Promise<JoiningRow> {
    return (await this.#app.database.joinings.toArray())[0] as JoiningRow;
  }

  /** Waits until the request stands so. */
  async is(state: JoiningRow['state']): Promise<void> {
    await eventually(async () => expect((await this.row()).state).toBe(state));
  }

  async asksAndGoes(): Promise<void> {
    await this.wake();
    for (const post of this.#place.posts) await standsIn(post, this.#place, 'ask', this.ask.id);
    this.sleep();
  }
}

/** Everything that lies in the invitation's mailbox on a relay, newest first; what cannot be read is `undefined`. */
export const lettersIn = async (
  post: MailPost,
  { keys, circle }: Place
): Promise<(InvitationMessage | undefined)[]> => {
  const mailbox = post.createMailbox(keys.id);
  mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
  const letters: (InvitationMessage | undefined)[] = [];
  for await (const page of mailbox.pull())
    for (const { envelope } of unwrap(page).arrivals)
      letters.push(await openMessage(keys, circle.id, bytesToBase64Url(envelope)));
  mailbox.close();
  return letters;
};

const idOf = (letter: InvitationMessage): string => (letter.type === 'ask' ? letter.ask.id : letter.to);

/** How many letters of a type there are for an ask. */
export const countIn = async (post: MailPost, place: Place, type: string, id: string): Promise<number> =>
  (await lettersIn(post, place)).filter((letter) => letter?.type === type && idOf(letter) === id).length;

export const standsIn = (post: MailPost, place: Place, type: string, id: string): Promise<unknown> =>
  eventually(async () => expect(await countIn(post, place, type, id)).toBeGreaterThan(0));

/** What a holder of the link leaves there: a message, or any bytes at all. */
export const leaveAsStranger = async (
  post: MailPost,
  { keys }: Place,
  letters: readonly (InvitationMessage | Uint8Array<ArrayBuffer>)[]
): Promise<void> => {
  const mailbox = post.createMailbox(keys.id);
  mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
  const mail = await Promise.all(
    letters.map(async (letter) => ({
      envelope:
        letter instanceof Uint8Array
          ? letter
          : (base64UrlToBytes(await sealMessage(keys, letter, random)) as Uint8Array<ArrayBuffer>)
    }))
  );
  const { confirmed } = await mailbox.push(mail, 'single');
  expect(confirmed).toBe(letters.length);
  mailbox.close();
};
