/**
 * The desk at a circle's door: hears who asks to be let in, and welcomes those whom a member said yes to.
 *
 * Any member's device keeps it while it is awake, because open invitations are records of the circle. Saying yes is
 * nothing but the statement `add-person`; whoever hears the next ask of somebody on the roster sends the welcome.
 * (docs/protocol.md IN5–IN8)
 */
import type { Clock } from '../base/clock.ts';
import type { Bytes } from '../base/bytes.ts';
import type { DeviceId, InviteId, Topic } from '../base/ids.ts';
import { deviceIdOf } from '../crypto/device.ts';
import type { Random } from '../base/random.ts';
import { deriveInvitationKeys, type InvitationKeys } from '../circle/invitation.ts';
import { openMessage, sealMessage, sealWelcome, type Ask, type Closing } from '../circle/joining.ts';
import { chainTo, type Roster } from '../circle/roster.ts';
import { readInviteBody } from '../records/bodies.ts';
import { kinds } from '../records/kinds.ts';
import { openRecord } from '../records/record.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { AskRow, EnvelopeRow, ShoulderDatabase } from '../store/database.ts';
import { rowsOfKind, statementRows } from '../store/envelopes.ts';
import { openStatements, rosterOfRows } from '../store/rosters.ts';
import { watch, type Watch } from '../store/watch.ts';
import type { SignalTransport } from './signal-transport.ts';

export interface InviteDeskDependencies {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  readonly random: Random;
  /** A connection of its own, so that the door is not the room. */
  readonly createTransport: (relays: readonly string[]) => SignalTransport;
}

/** How many asks of one invitation are kept to be shown: more than that is a flood, and the link is shared too widely. */
const asksShownMax = 20;

export class InviteDesk {
  readonly #deps: InviteDeskDependencies;
  readonly #circle: LocalCircle;
  #watch: Watch | undefined;
  #transport: SignalTransport | undefined;
  readonly #invitations = new Map<Topic, InvitationKeys>();
  #roster: Roster | undefined;
  /** Messages are handled one after another, so that one ask is stored once. */
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(deps: InviteDeskDependencies, circle: LocalCircle) {
    this.#deps = deps;
    this.#circle = circle;
  }

  start(): void {
    const { database } = this.#deps;
    const { n } = this.#circle;
    this.#watch = watch(
      async () => {
        const [invites, statements, asks] = await Promise.all([
          rowsOfKind(database, n, kinds.invite),
          statementRows(database, n),
          asksOf(database, n)
        ]);
        return { invites, statements, asks };
      },
      ({ invites, statements, asks }) => {
        this.#enqueue(async () => {
          this.#roster = await rosterOfRows(this.#circle, statements);
          await this.#listenFor(invites);
          for (const { invite, text } of asks) await this.#answerKept(invite, text);
        });
      }
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.unsubscribe();
    this.#transport?.close();
  }

  #enqueue(task: () => Promise<void>): void {
    // A task that failed has been reported as unhandled; it must not keep the next one from running.
    this.#queue = this.#queue.catch(() => undefined).then(() => (this.#stopped ? undefined : task()));
  }

  /** Listens on the topics of exactly these invitations, and opens a connection only while there are any. */
  async #listenFor(rows: readonly EnvelopeRow[]): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    const open = rows.filter(({ exp }) => exp === undefined || exp > nowMs);
    const keys = (await Promise.all(open.map((row) => this.#keysOf(row)))).filter((each) => each !== undefined);
    const fresh = keys.filter(({ topic }) => !this.#invitations.has(topic));
    const ended = [...this.#invitations.keys()].filter((topic) => !keys.some((each) => each.topic === topic));
    fresh.forEach((each) => this.#invitations.set(each.topic, each));
    ended.forEach((topic) => this.#invitations.delete(topic));
    if (this.#invitations.size > 0 && this.#transport === undefined) this.#connect();
    if (fresh.length > 0) this.#transport?.subscribe(fresh.map(({ topic }) => topic));
    if (ended.length > 0) this.#transport?.unsubscribe(ended);
    if (this.#invitations.size > 0) return;
    this.#transport?.close();
    this.#transport = undefined;
  }

  async #keysOf(row: EnvelopeRow): Promise<InvitationKeys | undefined> {
    const record = await openRecord(row.bytes, this.#circle.keyring.epochs);
    const body = record.ok ? readInviteBody(record.value.payload.body) : undefined;
    return body === undefined ? undefined : deriveInvitationKeys(body.secret);
  }

  #connect(): void {
    this.#transport = this.#deps.createTransport(this.#circle.keyring.relays);
    this.#transport.open({
      onMessage: (topic, data) => {
        const keys = this.#invitations.get(topic);
        if (keys !== undefined) this.#enqueue(() => this.#hear(keys, data));
      },
      onStatus: () => undefined
    });
  }

  async #hear(keys: InvitationKeys, text: string): Promise<void> {
    const message = await openMessage(keys, this.#circle.keyring.circle, text);
    if (message?.type !== 'ask') return;
    const { ask } = message;
    if (await this.#welcomeIfIn(keys, ask)) return;
    if (this.#roster?.usedInvites.has(keys.id) === true) return this.#close(keys, ask, 'used');
    const { asks } = this.#deps.database;
    const kept = await asks.get([this.#circle.n, ask.id]);
    if (kept?.state === 'refused') return this.#close(keys, ask, 'refused');
    if (kept !== undefined || (await this.#asksOf(keys.id)) >= asksShownMax) return;
    await asks.put({ circle: this.#circle.n, id: ask.id, invite: keys.id, text, state: 'open' });
  }

  async #asksOf(invite: InviteId): Promise<number> {
    const rows = await asksOf(this.#deps.database, this.#circle.n);
    return rows.filter((row) => row.invite === invite).length;
  }

  /** An ask kept from before: once its keys are on the roster it is welcomed and forgotten; once the link is used, forgotten. */
  async #answerKept(invite: InviteId, text: string): Promise<void> {
    const keys = [...this.#invitations.values()].find(({ id }) => id === invite);
    const message = keys === undefined ? undefined : await openMessage(keys, this.#circle.keyring.circle, text);
    if (keys === undefined || message?.type !== 'ask') return;
    const { ask } = message;
    const row = await this.#deps.database.asks.get([this.#circle.n, ask.id]);
    const welcomed = await this.#welcomeIfIn(keys, ask);
    const used = this.#roster?.usedInvites.has(invite) === true;
    if (row?.state === 'refused') await this.#close(keys, ask, 'refused');
    else if (!welcomed && used) await this.#close(keys, ask, 'used');
    if (welcomed || used) await this.#deps.database.asks.delete([this.#circle.n, ask.id]);
  }

  async #welcomeIfIn(keys: InvitationKeys, ask: Ask): Promise<boolean> {
    const device = await deviceIdOf(ask.terms.keys.sign);
    const onRoster = this.#roster?.devicesById.get(device);
    if (onRoster === undefined || this.#roster?.usedInvites.get(keys.id)?.includes(device) !== true) return false;
    const { keyring } = this.#circle;
    const statements = await this.#statementsFor(device);
    const welcome = { ...keyring.currentSecret, circle: keyring.circle, generation: keyring.generation, statements };
    const box = await sealWelcome(ask, welcome);
    if (box === undefined) return true; // nobody can be welcomed under that key, and asking again changes nothing
    const message = await sealMessage(keys, { type: 'welcome', to: ask.id, box }, this.#deps.random);
    await this.#transport?.publish(keys.topic, message);
    return true;
  }

  /** The envelopes that show a newcomer that they are in: few enough for one signal, however large the roster. */
  async #statementsFor(device: DeviceId): Promise<Bytes[]> {
    const rows = await statementRows(this.#deps.database, this.#circle.n);
    const chain = chainTo(device, await openStatements(this.#circle, rows));
    return rows.filter(({ hash }) => chain.has(hash)).map(({ bytes }) => bytes);
  }

  async #close(keys: InvitationKeys, ask: Ask, why: Closing): Promise<void> {
    const text = await sealMessage(keys, { type: 'closed', to: ask.id, why }, this.#deps.random);
    await this.#transport?.publish(keys.topic, text);
  }
}

const asksOf = (database: ShoulderDatabase, circle: number): Promise<AskRow[]> =>
  database.asks.where('[circle+id]').between([circle, ''], [circle, '\uffff']).toArray();
