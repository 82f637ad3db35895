/**
 * A friend without hands: the real store, author and engine of Shoulder, told by a test what to say.
 *
 * Runs in the harness page. It says what the app's screens have no button for: 1,500 kept check-ins, a kind nobody
 * knows, a record that fades. Everything it says is signed, sealed and sent by the app's own code.
 */
import { idBytesLength, idToBytes, type DeviceId } from '../../../src/lib/base/ids.ts';
import { inviteLifetimeMs, inviteSecretBytes } from '../../../src/lib/base/limits.ts';
import { systemClock } from '../../../src/lib/base/clock.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { deriveInvitationKeys, invitationToFragment, readInvitation } from '../../../src/lib/circle/invitation.ts';
import { openMessage, type Ask } from '../../../src/lib/circle/joining.ts';
import { sixWordsOf } from '../../../src/lib/circle/six-words.ts';
import { addPersonSlot } from '../../../src/lib/circle/slots.ts';
import { askNonceBytes } from '../../../src/lib/circle/transcript.ts';
import { deviceIdOf, generateDeviceSecrets } from '../../../src/lib/crypto/device.ts';
import { readCheckInBody, readInviteBody } from '../../../src/lib/records/bodies.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { openRecord } from '../../../src/lib/records/opened-record.ts';
import { Author, webLocks, type Saying } from '../../../src/lib/store/author.ts';
import { Circles, type LocalCircle } from '../../../src/lib/store/circles.ts';
import { createDatabase, type ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { rowsOfKind } from '../../../src/lib/store/held-rows.ts';
import { foundCircle } from '../../../src/lib/store/founding.ts';
import { openJoining, wrapJoining } from '../../../src/lib/store/joinings.ts';
import { openVault, type Vault } from '../../../src/lib/store/vault.ts';
import { createWebEngine } from '../../../src/lib/sync/web-engine.ts';

const databaseName = 'shoulder';
/** Records signed and stored in one go. */
const sayAtOnce = 250;

export class ScriptedFriend {
  readonly database: ShoulderDatabase;
  readonly relayUrl: string;
  readonly #vault: Vault;
  readonly #circles: Circles;
  readonly #author: Author;
  readonly #engine: ReturnType<typeof createWebEngine>;

  private constructor(relayUrl: string, database: ShoulderDatabase, vault: Vault) {
    this.relayUrl = relayUrl;
    this.database = database;
    this.#vault = vault;
    this.#circles = new Circles(database, vault);
    this.#author = new Author({
      ...{ database, circles: this.#circles, clock: systemClock, random: systemRandom },
      exclusively: webLocks
    });
    this.#engine = createWebEngine({
      database,
      vault,
      circles: this.#circles,
      author: this.#author,
      clock: systemClock,
      relays: [relayUrl],
      iceServers: [],
      iceTransportPolicy: 'all',
      onlyHost: null,
      mayFade: () => false,
      onAhead: () => undefined,
      onRefused: () => undefined
    });
  }

  static async open(relayUrl: string): Promise<ScriptedFriend> {
    const database = createDatabase(databaseName);
    const friend = new ScriptedFriend(relayUrl, database, await openVault(database, systemRandom));
    friend.#engine.engine.start();
    return friend;
  }

  /** Stops talking to anybody. */
  stop(): Promise<void> {
    return this.#engine.stop();
  }

  async found(circleName: string, personName: string): Promise<void> {
    const parts = { database: this.database, circles: this.#circles, clock: systemClock, random: systemRandom };
    unwrap(await foundCircle(parts, { circleName, personName, own: false, relays: [this.relayUrl] }));
  }

  /** The fragment of a link for one friend. */
  async invite(): Promise<string> {
    const circle = await this.circle();
    const secret = systemRandom.bytes(inviteSecretBytes);
    const untilMs = systemClock.nowMs() + inviteLifetimeMs;
    const { id } = await deriveInvitationKeys(secret);
    await this.sayRecord({ kind: kinds.invite, slot: `invite/${id}`, body: { secret }, expMs: untilMs });
    return invitationToFragment({ secret, circle: circle.keyring.circle, untilMs, relays: [this.relayUrl] });
  }

  /** Lets in the one who asks now; their six words, or `null` while nobody asks. */
  async letIn(): Promise<readonly string[] | null> {
    const ask = await this.#openAsk();
    if (ask === undefined) return null;
    const { invite, name, nonce, keys } = ask.terms;
    const body = { invite: idToBytes(invite), name, nonce, proof: ask.proof, ...keys };
    const slot = addPersonSlot(await deviceIdOf(keys.sign));
    await this.sayRecord({ kind: kinds.addPerson, slot, body, expMs: null });
    return sixWordsOf(idToBytes(ask.id));
  }

  /** Asks to be let in by a link, with whatever name; the six words. */
  async ask(link: string, name: string): Promise<readonly string[]> {
    const invitation = unwrap(await readInvitation(link));
    const { id } = await deriveInvitationKeys(invitation.secret);
    const joining = {
      invitation,
      name,
      device: await generateDeviceSecrets(),
      nonce: systemRandom.bytes(askNonceBytes)
    };
    const sealed = await wrapJoining(this.#vault, id, joining);
    await this.database.joinings.put({ id, sealed, state: 'asking' });
    const { ask } = await openJoining(this.#vault, { id, sealed, state: 'asking' });
    return sixWordsOf(idToBytes(ask.id));
  }

  /** Whether a welcome has come. */
  async isIn(): Promise<boolean> {
    return (await this.database.circles.count()) > 0;
  }

  /** Friends' devices that are connected now. */
  async connected(): Promise<number> {
    return (await this.database.presence.toArray()).flatMap(({ devices }) => devices).length;
  }

  async circle(): Promise<LocalCircle> {
    const [circle] = await this.#circles.all();
    if (circle === undefined) throw new Error('the scripted friend is in no circle yet');
    return circle;
  }

  /** Says a check-in as the app does: it takes the place of the one before. */
  say(words: string): Promise<void> {
    return this.sayRecord(checkInSaying('now', words));
  }

  /** Says check-ins that each stay, in slots `kept/0`, `kept/1`, …; the bytes of all their envelopes. */
  async sayKept(words: readonly string[]): Promise<number> {
    const circle = await this.circle();
    let bytes = 0;
    for (let from = 0; from < words.length; from += sayAtOnce) {
      const part = words.slice(from, from + sayAtOnce);
      const sayings = part.map((each, i) => checkInSaying(`kept/${from + i}`, each));
      const said = unwrap(await this.#author.sayAll(circle, sayings));
      bytes += said.reduce((total, { envelope }) => total + envelope.length, 0);
    }
    return bytes;
  }

  async sayRecord(saying: Saying): Promise<void> {
    unwrap(await this.#author.say(await this.circle(), saying));
  }

  /** The words of every check-in held here, of everybody, by slot. */
  async heldWords(): Promise<Record<string, string>> {
    const circle = await this.circle();
    const held: Record<string, string> = {};
    for (const { bytes } of await rowsOfKind(this.database, circle.n, kinds.checkIn)) {
      const record = unwrap(await openRecord(bytes, circle.keyring.epochs));
      const body = readCheckInBody(record.payload.body);
      if (body !== undefined) held[`${record.payload.device}/${record.payload.slot}`] = body.words;
    }
    return held;
  }

  /** This friend's device in the circle. */
  async deviceId(): Promise<DeviceId> {
    return (await this.circle()).keyring.device.id;
  }

  /** How many envelopes of a kind are held here. */
  async heldOfKind(kind: number): Promise<number> {
    return (await rowsOfKind(this.database, (await this.circle()).n, kind)).length;
  }

  async #openAsk(): Promise<Ask | undefined> {
    const row = (await this.database.asks.toArray()).find(({ state }) => state === 'open');
    if (row === undefined) return undefined;
    const circle = await this.circle();
    for (const { bytes } of await rowsOfKind(this.database, circle.n, kinds.invite)) {
      const body = readInviteBody(unwrap(await openRecord(bytes, circle.keyring.epochs)).payload.body);
      const keys = body === undefined ? undefined : await deriveInvitationKeys(body.secret);
      if (keys?.id !== row.invite) continue;
      const message = await openMessage(keys, circle.keyring.circle, row.text);
      return message?.type === 'ask' ? message.ask : undefined;
    }
    return undefined;
  }
}

const checkInSaying = (slot: string, words: string): Saying => ({
  kind: kinds.checkIn,
  slot,
  body: { id: systemRandom.bytes(idBytesLength), point: [20, -20], feelings: [], words },
  expMs: null
});
