/**
 * One request to be let in: said live again and again, and left in the invitation's mailboxes, until it is answered
 * (docs/protocol.md IN4, IN8–IN14).
 *
 * A welcome counts only if the statements in it put this very device on the roster of the circle the link names: then
 * circle, keys and statements are stored in one transaction and the request is done.
 */
import type { Clock } from '../base/clock.ts';
import { minuteMs, secondMs } from '../base/clock.ts';
import { jitterMs, type Random } from '../base/random.ts';
import {
  openMessage,
  openWelcome,
  sealMessage,
  type Closing,
  type InvitationMessage,
  type Welcome
} from '../circle/joining.ts';
import type { Circles } from '../store/circles.ts';
import type { JoiningRow, ShoulderDatabase } from '../store/database.ts';
import type { OpenJoining } from '../store/joinings.ts';
import { enterCircle } from './entering.ts';
import { InviteMail, letterGraceMs, type CreateInviteMailboxes, type InvitationLetter } from './invite-mail.ts';
import { SerialQueue } from './serial-queue.ts';
import type { SignalTransport } from './signal-transport.ts';

export interface JoinerDependencies {
  readonly database: ShoulderDatabase;
  readonly circles: Circles;
  readonly clock: Clock;
  readonly random: Random;
  readonly createTransport: (relays: readonly string[]) => SignalTransport;
  readonly createInviteMailboxes: CreateInviteMailboxes;
}

const askAgainMinMs = 2 * secondMs;
const askAgainMaxMs = minuteMs;

export class Joiner {
  readonly #deps: JoinerDependencies;
  readonly #row: JoiningRow;
  readonly #open: OpenJoining;
  readonly #transport: SignalTransport;
  /** `null`: the link names no relay that keeps mail. Undefined until that is known. */
  #mail: InviteMail | null | undefined;
  #pauseMs = askAgainMinMs;
  #cancelEnd: () => void = () => undefined;
  #cancel: () => void = () => undefined;
  readonly #queue = new SerialQueue();
  #done = false;

  constructor(deps: JoinerDependencies, row: JoiningRow, open: OpenJoining) {
    this.#deps = deps;
    this.#row = row;
    this.#open = open;
    this.#transport = deps.createTransport(open.joining.invitation.relays);
  }

  start(): void {
    const { keys } = this.#open;
    this.#transport.open({
      onMessage: (topic, data) => {
        if (topic === keys.topic) this.#queue.add(() => this.#hear(data));
      },
      onStatus: (connected) => {
        if (connected) this.wake();
      }
    });
    this.#transport.subscribe([keys.topic]);
    this.#queue.add(() => this.#openMail());
    this.#awaitEnd();
  }

  /** Asks at once, and then again with growing pauses. */
  wake(): void {
    this.#mail?.wake();
    this.#awaitEnd();
    this.#pauseMs = askAgainMinMs;
    void this.#ask();
  }

  stop(): void {
    this.#done = true;
    this.#queue.end();
    this.#cancel();
    this.#cancelEnd();
    this.#transport.close();
    this.#mail?.stop();
  }

  async #openMail(): Promise<void> {
    const { clock, random, createInviteMailboxes } = this.#deps;
    const { keys, ask, joining } = this.#open;
    const { circle, untilMs, relays } = joining.invitation;
    const mailboxes = await createInviteMailboxes(keys, relays);
    if (this.#done) return mailboxes.forEach((mailbox) => mailbox.close());
    const mail = new InviteMail({
      ...{ keys, circle, clock, random, untilMs, mailboxes },
      // An ask proves whose it is; an answer is none of ours to leave.
      isGenuine: async ({ type }) => type === 'ask',
      onLetters: (letters) => this.#queue.add(() => this.#read(letters)),
      onLeft: () => this.#queue.add(() => this.#noteLeft()),
      onLooked: () => this.#queue.add(() => this.#looked())
    });
    this.#mail = mailboxes.length === 0 ? null : mail;
    if (!this.#isOver()) mail.want({ type: 'ask', ask });
    mail.start();
    await this.#endIfOver();
  }

  async #ask(): Promise<void> {
    this.#cancel();
    if (this.#done || (await this.#endIfOver())) return;
    const { clock, random } = this.#deps;
    const { keys, ask } = this.#open;
    const text = await sealMessage(keys, { type: 'ask', ask }, random);
    if (this.#done) return;
    await this.#transport.publish(keys.topic, text);
    this.#cancel();
    this.#cancel = clock.after(jitterMs(random, this.#pauseMs, this.#pauseMs * 1.25), () => void this.#ask());
    this.#pauseMs = Math.min(this.#pauseMs * 1.5, askAgainMaxMs);
  }

  async #looked(): Promise<void> {
    await this.#endIfOver();
  }

  #isOver(): boolean {
    return this.#deps.clock.nowMs() >= this.#open.joining.invitation.untilMs;
  }

  #awaitEnd(): void {
    const { clock } = this.#deps;
    this.#cancelEnd();
    if (this.#done) return;
    const leftMs = this.#open.joining.invitation.untilMs - clock.nowMs();
    this.#cancelEnd = clock.after(Math.max(0, Math.min(leftMs, timerMaxMs)), () => this.#over());
  }

  /** The invitation ends now: an answer may lie in a mailbox that was last read before. */
  #over(): void {
    this.#mail?.lookAgain();
    this.#queue.add(async () => {
      // A timer has its longest delay, and a clock that was far ahead may have been put right meanwhile.
      if (!(await this.#endIfOver())) this.#awaitEnd();
    });
  }

  /**
   * Whether the invitation has ended, and so nothing is asked any more. Nobody is told so before the mailboxes were looked
   * at, where that can be done: somebody may have said yes on the last day. IN12.
   */
  async #endIfOver(): Promise<boolean> {
    // Whoever is in, or was answered, has nothing left that could run out.
    if (this.#done || !this.#isOver()) return false;
    const { untilMs } = this.#open.joining.invitation;
    const mayLie = this.#deps.clock.nowMs() < untilMs + letterGraceMs;
    const hasLooked = this.#mail === null || this.#mail?.hasLookedSince(untilMs) === true;
    if (hasLooked || !mayLie) await this.#end('expired');
    return true;
  }

  /** A welcome counts before a closing that lies beside it. */
  async #read(letters: readonly InvitationLetter[]): Promise<void> {
    const messages = letters.map(({ message }) => message);
    for (const message of messages.filter(({ type }) => type === 'welcome')) await this.#heed(message);
    for (const message of messages.filter(({ type }) => type === 'closed')) await this.#heed(message);
  }

  async #hear(text: string): Promise<void> {
    const { keys, joining } = this.#open;
    const message = await openMessage(keys, joining.invitation.circle, text);
    if (message !== undefined) await this.#heed(message);
  }

  async #heed(message: InvitationMessage): Promise<void> {
    const { ask, device } = this.#open;
    if (this.#done || message.type === 'ask' || message.to !== ask.id) return;
    if (message.type === 'closed') return this.#end(message.why);
    const welcome = await openWelcome(device, ask, message.box);
    if (welcome !== undefined && !this.#done) await this.#enter(welcome);
  }

  async #noteLeft(): Promise<void> {
    const { joinings } = this.#deps.database;
    if ((await joinings.get(this.#row.id))?.left !== true) await joinings.update(this.#row.id, { left: true });
  }

  async #end(why: Closing): Promise<void> {
    this.stop();
    await this.#deps.database.joinings.update(this.#row.id, { state: why });
  }

  async #enter(welcome: Welcome): Promise<void> {
    const { joining } = this.#open;
    const { epoch, relays, forDevice } = joining.invitation;
    const entrance = { device: joining.device, epoch, relays, own: forDevice === true };
    const done = (n: number) => this.#deps.database.joinings.update(this.#row.id, { state: 'in', circle: n });
    if ((await enterCircle(this.#deps, welcome, entrance, done)) !== undefined) this.stop();
  }
}

/** The longest delay a browser's timer takes. */
const timerMaxMs = 2 ** 31 - 1;
