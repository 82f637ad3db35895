/**
 * Fills this origin's database with a circle that has a past, by the app's own code: every key is made, every record
 * signed and sealed as its author's phone would have done it.
 */
import { idBytesLength, idToBytes, bytesToId, type DeviceId, type InviteId } from '../../../src/lib/base/ids.ts';
import type { Bytes } from '../../../src/lib/base/bytes.ts';
import { dayMs, systemClock, type Clock } from '../../../src/lib/base/clock.ts';
import { systemRandom } from '../../../src/lib/base/random.ts';
import { unwrap } from '../../../src/lib/base/result.ts';
import { ackSlot, ledgerSlot } from '../../../src/lib/circle/slots.ts';
import { makeAsk } from '../../../src/lib/circle/joining.ts';
import { addPersonSlot } from '../../../src/lib/circle/slots.ts';
import { askNonceBytes } from '../../../src/lib/circle/transcript.ts';
import { generateDeviceSecrets, importDevice, type DeviceIdentity } from '../../../src/lib/crypto/device.ts';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { ackToBody, ledgerToBody, makeLedger, type LiveRecord } from '../../../src/lib/records/ledger.ts';
import { sealRecord } from '../../../src/lib/records/record.ts';
import { Author, webLocks } from '../../../src/lib/store/author.ts';
import { Circles, type LocalCircle } from '../../../src/lib/store/circles.ts';
import { createDatabase, type EnvelopeRow, type ShoulderDatabase } from '../../../src/lib/store/database.ts';
import { liveRecordsOf, toEnvelopeRow } from '../../../src/lib/store/envelopes.ts';
import { putNewer } from '../../../src/lib/store/placing.ts';
import { foundCircle } from '../../../src/lib/store/founding.ts';
import { openVault } from '../../../src/lib/store/vault.ts';
import { sealAnswer, type Company } from './answer-sealing.ts';
import type { Story, ToldAnswer, ToldCheckIn, ToldFriend } from './story.ts';

/** Rows stored in one transaction. */
const rowsAtOnce = 500;
/** The circle is older than anything that was said in it. */
const circleAgeMs = 12 * 365 * dayMs;

/** Fills the database `shoulder`, which must not be there yet. */
export const fillCircle = async (story: Story): Promise<void> => {
  const database = createDatabase('shoulder');
  const filler = new CircleFiller(database, new Circles(database, await openVault(database, systemRandom)));
  await filler.fill(story);
  database.close();
};

class CircleFiller {
  readonly #database: ShoulderDatabase;
  readonly #circles: Circles;
  readonly #nowMs = systemClock.nowMs();
  /** Ids of what each said last, by name. */
  readonly #newest = new Map<string, Bytes>();

  constructor(database: ShoulderDatabase, circles: Circles) {
    this.#database = database;
    this.#circles = circles;
  }

  async fill({ circleName, ownName, own, friends, answers = [], otherCircles }: Story): Promise<void> {
    const circle = await this.#found(circleName, ownName);
    const devices: DeviceIdentity[] = [];
    for (const friend of friends) devices.push(await this.#letIn(circle, friend.name));
    if (own !== null) {
      const saying = { ...this.#newestOf(ownName, own), expMs: null };
      unwrap(await this.#author(own.agoMs).say(circle, saying));
    }
    for (const [i, friend] of friends.entries()) await this.#tell(circle, devices[i] as DeviceIdentity, friend);
    const names = [ownName, ...friends.map(({ name }) => name)];
    const voices = new Map(names.map((name, i) => [name, [circle.keyring.device, ...devices][i] as DeviceIdentity]));
    const company = { circle: circle.keyring.circle, devices: voices, newest: this.#newest };
    const lastSeq = Math.max(0, ...friends.map(({ kept }) => kept)) + 1;
    const inOrder = answers.toSorted((a, b) => b.agoMs - a.agoMs);
    for (const [i, answer] of inOrder.entries()) await this.#answer(circle, company, answer, lastSeq + i + 1);
    unwrap(await this.#author(0).renewLedger(circle));
    for (const [i, friend] of friends.entries()) await this.#account(circle, devices[i] as DeviceIdentity, friend);
    for (const name of otherCircles) await this.#found(name, ownName);
    // All of this is in the past: what was said then has long been put out.
    await this.#database.outbox.clear();
  }

  /** This phone's voice as it was some time ago. */
  #author(agoMs: number): Author {
    const clock: Clock = { ...systemClock, nowMs: () => this.#nowMs - agoMs };
    const deps = { database: this.#database, circles: this.#circles, clock, random: systemRandom };
    return new Author({ ...deps, exclusively: webLocks });
  }

  async #found(circleName: string, personName: string): Promise<LocalCircle> {
    const clock: Clock = { ...systemClock, nowMs: () => this.#nowMs - circleAgeMs };
    const parts = { database: this.#database, circles: this.#circles, clock, random: systemRandom };
    return unwrap(await foundCircle(parts, { circleName, personName, own: false, relays: [] }));
  }

  async #letIn(circle: LocalCircle, name: string): Promise<DeviceIdentity> {
    const device = await importDevice(await generateDeviceSecrets());
    const invite = bytesToId<InviteId>(systemRandom.bytes(idBytesLength));
    const nonce = systemRandom.bytes(askNonceBytes);
    const terms = { circle: circle.keyring.circle, invite, name, keys: device.publicKeys, nonce };
    const { proof } = await makeAsk(device, terms);
    const body = { invite: idToBytes(invite), name, nonce, proof, ...device.publicKeys };
    const saying = { kind: kinds.addPerson, slot: addPersonSlot(device.id), body, expMs: null };
    unwrap(await this.#author(circleAgeMs).say(circle, saying));
    return device;
  }

  /** Everything a friend said, oldest first. */
  async #tell(
    circle: LocalCircle,
    device: DeviceIdentity,
    { name, newest, kept, earlier = [] }: ToldFriend
  ): Promise<void> {
    if (newest === null) return;
    for (let from = 0; from < kept; from += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, kept - from);
      const rows = Array.from({ length: count }, (_, i) => {
        const back = kept - from - i;
        const words = earlier[back - 1] ?? oldWords(back);
        const told: ToldCheckIn = { ...newest, agoMs: newest.agoMs + back * dayMs, words };
        return this.#seal(circle, device, { ...sayingOf(told, `kept/${back}`), seq: from + i + 1, agoMs: told.agoMs });
      });
      await this.#store(await Promise.all(rows));
    }
    await this.#store([
      await this.#seal(circle, device, { ...this.#newestOf(name, newest), seq: kept + 1, agoMs: newest.agoMs })
    ]);
  }

  /** What somebody said last, so that it can be answered. */
  #newestOf(name: string, told: ToldCheckIn): Told {
    const id = systemRandom.bytes(idBytesLength);
    this.#newest.set(name, id);
    return sayingOf(told, 'now', id);
  }

  /** `seq` is one that no device has used yet. */
  async #answer(circle: LocalCircle, company: Company, told: ToldAnswer, seq: number): Promise<void> {
    const saying = await sealAnswer(told, company);
    const device = company.devices.get(told.from);
    if (device === undefined || device === circle.keyring.device)
      unwrap(await this.#author(told.agoMs).say(circle, { ...saying, expMs: null }));
    else await this.#store([await this.#seal(circle, device, { ...saying, seq, agoMs: told.agoMs })]);
  }

  /** A friend's ledger, and the ack that says what they hold. */
  async #account(circle: LocalCircle, device: DeviceIdentity, { newest, kept, reached }: ToldFriend): Promise<void> {
    const live: LiveRecord[] = await liveRecordsOf(this.#database, circle.n, device.id);
    const row = await this.#database.circles.get(circle.n);
    const acked = new Map<DeviceId, number>(reached ? [[circle.keyring.device.id, row?.ledgerVer ?? 0]] : []);
    const at = { seq: 0, agoMs: newest?.agoMs ?? circleAgeMs };
    const ledger = { kind: kinds.ledger, slot: ledgerSlot, body: ledgerToBody(await makeLedger(live)) };
    const ack = { kind: kinds.ack, slot: ackSlot, body: ackToBody(acked) };
    await this.#store([
      await this.#seal(circle, device, { ...ledger, ...at, ver: kept + 1 }),
      await this.#seal(circle, device, { ...ack, ...at })
    ]);
  }

  async #seal(
    { n, keyring }: LocalCircle,
    device: DeviceIdentity,
    { agoMs, ver = 1, ...said }: Told & { readonly seq: number; readonly agoMs: number; readonly ver?: number }
  ): Promise<EnvelopeRow> {
    const place = { circle: keyring.circle, epoch: keyring.current.epoch, device: device.id };
    const time = { ms: this.#nowMs - agoMs, count: 0 };
    const payload = { ...place, ...said, ver, time, expMs: null };
    const record = unwrap(await sealRecord(keyring.current, device, payload, systemRandom));
    return toEnvelopeRow({ n, keyring }, record, record.envelope);
  }

  async #store(rows: readonly EnvelopeRow[]): Promise<void> {
    const { envelopes } = this.#database;
    await this.#database.transaction('rw', envelopes, () => putNewer(this.#database, rows));
  }
}

interface Told {
  readonly kind: number;
  readonly slot: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const sayingOf = (told: ToldCheckIn, slot: string, id = systemRandom.bytes(idBytesLength)): Told => ({
  kind: kinds.checkIn,
  slot,
  body: bodyOf(told, id)
});

const bodyOf = ({ point, feelings, words, help }: ToldCheckIn, id: Bytes): Record<string, unknown> => ({
  id,
  ...(point === null ? {} : { point: [...point] }),
  feelings: [...feelings],
  words,
  ...(help === undefined ? {} : { help })
});

const oldWords = (back: number): string =>
  `Said ${back} days before. ${'It went as it goes. '.repeat(back % 5)}`.trim();
