/**
 * The desk at a circle's door: hears who asks to be let in, and welcomes those whom a member said yes to.
 *
 * Any member's device keeps it while it is awake, because open invitations are records of the circle. Saying yes is
 * nothing but the statement `add-person`; whoever next finds an ask of somebody on the roster sends the welcome. Asks are
 * heard live on a topic, and found in the invitation's mailboxes. (docs/protocol.md IN5–IN8, IN10–IN14)
 */
import type { Clock } from '../base/clock.ts';
import type { DeviceId, InviteId, Topic } from '../base/ids.ts';
import { deviceIdOf } from '../crypto/device.ts';
import type { Random } from '../base/random.ts';
import { deriveInvitationKeys, type InvitationKeys } from '../circle/invitation.ts';
import {
  isMembersAnswer,
  markAnswer,
  openMessage,
  sealMessage,
  sealWelcome,
  type Ask,
  type AskId,
  type InvitationAnswer
} from '../circle/joining.ts';
import type { CircleState } from '../circle/epochs.ts';
import { isIn, type Roster } from '../circle/roster.ts';
import { readInviteBody } from '../records/bodies.ts';
import { inviteLifetimeMs } from '../base/limits.ts';
import { kinds } from '../records/kinds.ts';
import { openRecord } from '../records/opened-record.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { AskRow, EnvelopeRow, ShoulderDatabase } from '../store/database.ts';
import { rowsOfKind, statementRows } from '../store/held-rows.ts';
import { stateOfRows } from '../store/rosters.ts';
import { watch, type Watch } from '../store/watch.ts';
import { InviteMail, type CreateInviteMailboxes, type InvitationLetter } from './invite-mail.ts';
import { SerialQueue } from './serial-queue.ts';
import type { SignalTransport } from './signal-transport.ts';
import { welcomeFor } from './welcoming.ts';

export interface InviteDeskDependencies {
  readonly database: ShoulderDatabase;
  readonly clock: Clock;
  readonly random: Random;
  /** A connection of its own, so that the door is not the room. */
  readonly createTransport: (relays: readonly string[]) => SignalTransport;
  readonly createInviteMailboxes: CreateInviteMailboxes;
}

/** One invitation that stands. */
interface Door {
  /** Made in an epoch that is over: whoever asks by it needs a new link. */
  readonly isOld: boolean;
  readonly keys: InvitationKeys;
  readonly mail: InviteMail;
}

/** An invitation as it is found among the circle's records. */
type FoundDoor = Pick<Door, 'keys' | 'isOld'> & { readonly untilMs: number };

/** How an ask came, and so how it is answered at once. What came by mail is answered by mail. */
type Way = 'topic' | 'mail';

/** What there is to say to an ask: an answer; nothing to anybody, ever; or nothing yet. */
type Verdict = InvitationAnswer | 'unanswerable' | undefined;

/** How many asks of one invitation are kept to be shown: more than that is a flood, and the link is shared too widely. */
const asksShownMax = 20;

export class InviteDesk {
  readonly #deps: InviteDeskDependencies;
  readonly #circle: LocalCircle;
  readonly #relays: readonly string[];
  #watch: Watch | undefined;
  #transport: SignalTransport | undefined;
  readonly #doors = new Map<Topic, Door>();
  #state: CircleState | undefined;
  /** Messages are handled one after another, so that one ask is stored once. */
  readonly #queue = new SerialQueue();
  #stopped = false;

  /** `relays`: where askers may be, which is wherever a link that still stands may have sent them. */
  constructor(deps: InviteDeskDependencies, circle: LocalCircle, relays: readonly string[]) {
    this.#deps = deps;
    this.#circle = circle;
    this.#relays = relays;
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
        this.#queue.add(async () => {
          this.#state = await stateOfRows(this.#circle, statements);
          await this.#listenFor(invites);
          for (const { invite, text } of asks) await this.#answerKept(invite, text);
        });
      }
    );
  }

  /** The network or the person may be back. */
  wake(): void {
    this.#doors.forEach(({ mail }) => mail.wake());
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.end();
    this.#watch?.unsubscribe();
    this.#transport?.close();
    this.#doors.forEach(({ mail }) => mail.stop());
  }

  get #roster(): Roster | undefined {
    return this.#state?.roster;
  }

  /** Keeps the doors of exactly these invitations, and a connection only while there are any. */
  async #listenFor(rows: readonly EnvelopeRow[]): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    const open = rows.filter(({ exp }) => exp === undefined || exp > nowMs);
    const found = (await Promise.all(open.map((row) => this.#keysOf(row)))).filter((each) => each !== undefined);
    const fresh = found.filter(({ keys }) => !this.#doors.has(keys.topic));
    const ended = [...this.#doors.keys()].filter((topic) => !found.some(({ keys }) => keys.topic === topic));
    ended.forEach((topic) => this.#doors.get(topic)?.mail.stop());
    ended.forEach((topic) => this.#doors.delete(topic));
    for (const door of fresh) await this.#openDoor(door);
    if (this.#stopped) return;
    if (this.#doors.size > 0 && this.#transport === undefined) this.#connect();
    if (fresh.length > 0) this.#transport?.subscribe(fresh.map(({ keys }) => keys.topic));
    if (ended.length > 0) this.#transport?.unsubscribe(ended);
    if (this.#doors.size > 0) return;
    this.#transport?.close();
    this.#transport = undefined;
  }

  async #openDoor({ keys, untilMs, isOld }: FoundDoor): Promise<void> {
    const { clock, random, createInviteMailboxes } = this.#deps;
    const { circle, current } = this.#circle.keyring;
    const mail = new InviteMail({
      ...{ keys, circle, clock, random, untilMs },
      mailboxes: await createInviteMailboxes(keys, this.#relays),
      // The mark covers all that an answer says, so a copy of one is as good as the first.
      isGenuine: async (message) => message.type === 'ask' || isMembersAnswer(current, message),
      onLetters: (letters) => this.#queue.add(() => this.#read({ keys, mail, isOld }, letters))
    });
    if (this.#stopped) return mail.stop();
    this.#doors.set(keys.topic, { keys, mail, isOld });
    mail.start();
  }

  async #keysOf(row: EnvelopeRow): Promise<FoundDoor | undefined> {
    const record = await openRecord(row.bytes, this.#circle.keyring.epochs);
    const body = record.ok ? readInviteBody(record.value.payload.body) : undefined;
    if (body === undefined) return undefined;
    // One without an end is no app's of ours; its letters need one all the same.
    const untilMs = row.exp ?? this.#deps.clock.nowMs() + inviteLifetimeMs;
    const { founding, current } = this.#circle.keyring;
    const isOld = (row.epoch ?? founding) !== current.epoch;
    return { keys: await deriveInvitationKeys(body.secret), untilMs, isOld };
  }

  #connect(): void {
    this.#transport = this.#deps.createTransport(this.#relays);
    this.#transport.open({
      onMessage: (topic, data) => {
        const door = this.#doors.get(topic);
        if (door !== undefined) this.#queue.add(() => this.#hear(door, data));
      },
      onStatus: () => undefined
    });
  }

  async #hear(door: Door, text: string): Promise<void> {
    const message = await openMessage(door.keys, this.#circle.keyring.circle, text);
    if (message?.type === 'ask') await this.#heed(door, message.ask, text, 'topic');
  }

  /** What lay in a mailbox: what another member answered is known before the ask itself is looked at. */
  async #read(door: Door, letters: readonly InvitationLetter[]): Promise<void> {
    const answers = new Map<AskId, InvitationAnswer>();
    for (const { message, genuine } of letters) {
      if (message.type !== 'ask' && genuine) answers.set(message.to, message);
    }
    for (const answer of answers.values()) await this.#learn(answer);
    const heeded = new Set<AskId>();
    for (const { message, text } of letters) {
      if (message.type !== 'ask' || heeded.has(message.ask.id)) continue;
      heeded.add(message.ask.id);
      await this.#heed(door, message.ask, text, 'mail', answers.get(message.ask.id));
    }
  }

  /** A member said no: then nobody else needs to be asked. */
  async #learn(answer: InvitationAnswer): Promise<void> {
    if (answer.type !== 'closed' || answer.why !== 'refused') return;
    const { asks } = this.#deps.database;
    const kept = await asks.get([this.#circle.n, answer.to]);
    if (kept?.state === 'open') await asks.update([this.#circle.n, answer.to], { state: 'refused' });
  }

  /** Answers an ask, or keeps it to be shown. `given`: what another member has answered already. */
  async #heed(door: Door, ask: Ask, text: string, way: Way, given?: InvitationAnswer): Promise<void> {
    const { keys } = door;
    const { asks } = this.#deps.database;
    const kept = await asks.get([this.#circle.n, ask.id]);
    const verdict = await this.#judge(keys, ask, kept);
    if (verdict !== undefined) return this.#say(door, verdict, way);
    // Somebody whom friends are vouching for may have asked before the keys changed, which is what vouching comes to.
    if (door.isOld && ask.terms.as !== 'again' && kept === undefined)
      return this.#say(door, { type: 'closed', to: ask.id, why: 'expired' }, way);
    if (kept !== undefined || (await this.#asksOf(keys.id)) >= asksShownMax) return;
    const isRefused = given?.type === 'closed' && given.why === 'refused';
    // Whoever was welcomed is in: the statement that says so is still on its way here.
    if (given !== undefined && !isRefused) return;
    const state = isRefused ? 'refused' : 'open';
    await asks.put({ circle: this.#circle.n, id: ask.id, invite: keys.id, text, state });
  }

  async #asksOf(invite: InviteId): Promise<number> {
    const rows = await asksOf(this.#deps.database, this.#circle.n);
    return rows.filter((row) => row.invite === invite).length;
  }

  /** An ask kept from before: once its keys are on the roster it is welcomed and forgotten; once the link is used, forgotten. */
  async #answerKept(invite: InviteId, text: string): Promise<void> {
    const door = [...this.#doors.values()].find(({ keys }) => keys.id === invite);
    const message = door === undefined ? undefined : await openMessage(door.keys, this.#circle.keyring.circle, text);
    if (door === undefined || message?.type !== 'ask') return;
    const { ask } = message;
    const { asks } = this.#deps.database;
    const verdict = await this.#judge(door.keys, ask, await asks.get([this.#circle.n, ask.id]));
    if (verdict !== undefined) await this.#say(door, verdict, 'topic');
    const isUsed = this.#roster?.usedInvites.has(invite) === true;
    if (isUsed) await asks.delete([this.#circle.n, ask.id]);
  }

  async #judge(keys: InvitationKeys, ask: Ask, kept: AskRow | undefined): Promise<Verdict> {
    const admitted = this.#roster?.usedInvites.get(keys.id);
    const device = await deviceIdOf(ask.terms.keys.sign);
    if (this.#roster !== undefined && admitted?.includes(device) === true && isIn(this.#roster, device))
      return this.#welcome(ask, device);
    if (kept?.state === 'refused') return { type: 'closed', to: ask.id, why: 'refused' };
    return admitted === undefined ? undefined : { type: 'closed', to: ask.id, why: 'used' };
  }

  async #welcome(ask: Ask, device: DeviceId): Promise<Verdict> {
    const state = this.#state;
    const welcome = state && (await welcomeFor(this.#deps.database, this.#circle, state, device));
    if (welcome === undefined) return undefined;
    const box = await sealWelcome(ask, welcome);
    // Nobody can be welcomed under a key that is unusable, and asking again changes nothing.
    return box === undefined ? 'unanswerable' : { type: 'welcome', to: ask.id, box };
  }

  /** Says it on the topic, where the ask may be live, and has it stand in the mailboxes. */
  async #say({ keys, mail }: Door, verdict: InvitationAnswer | 'unanswerable', way: Way): Promise<void> {
    if (verdict === 'unanswerable') return;
    const answer = await markAnswer(this.#circle.keyring.current, verdict);
    // A flood of asks is not answered with a flood of letters.
    if (answer.type === 'welcome' || mail.closings < asksShownMax) mail.want(answer);
    if (way === 'topic') await this.#transport?.publish(keys.topic, await sealMessage(keys, answer, this.#deps.random));
  }
}

const asksOf = (database: ShoulderDatabase, circle: number): Promise<AskRow[]> =>
  database.asks.where('[circle+id]').between([circle, ''], [circle, '\uffff']).toArray();
