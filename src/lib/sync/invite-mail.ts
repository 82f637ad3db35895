/**
 * An invitation's mail: what asker and members leave for each other in its mailboxes, so that they need never be online
 * together (docs/protocol.md IN10–IN14).
 *
 * Nothing is remembered from one life to the next. Whenever a mailbox opens, all of it is read and handed up, and what
 * this side wants to stand there and does not is left: a letter once, however often it is wanted; again where it was lost.
 */
import { base64UrlToBytes, bytesToBase64Url } from '../base/bytes.ts';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { CircleId } from '../base/ids.ts';
import { inviteLifetimeMs } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import type { InvitationKeys } from '../circle/invitation.ts';
import { openMessage, sealMessage, type InvitationMessage } from '../circle/joining.ts';
import type { Arrival, CarryFailure, Mail, Mailbox } from './envelope-carrier.ts';
import { SerialQueue } from './serial-queue.ts';

/** The mailboxes of one invitation, not yet opened: one on each of these relays that can be reached at all. */
export type CreateInviteMailboxes = (keys: InvitationKeys, relays: readonly string[]) => Promise<readonly Mailbox[]>;

/** How long letters outlive the invitation: whoever is let in on its last day still finds the welcome. IN12. */
export const letterGraceMs = inviteLifetimeMs;

/** A message that was found in a mailbox. */
export interface InvitationLetter {
  readonly message: InvitationMessage;
  /** As `sealMessage` makes it. */
  readonly text: string;
  /** Whether it is known to be from whom it says it is, by `isGenuine`. */
  readonly genuine: boolean;
}

export interface InviteMailOptions {
  readonly keys: InvitationKeys;
  readonly circle: CircleId;
  readonly mailboxes: readonly Mailbox[];
  readonly clock: Clock;
  readonly random: Random;
  /** When the invitation ends, in milliseconds since 1970; letters are kept for `letterGraceMs` longer. */
  readonly untilMs: number;
  /** Whether this side may count a message as standing there, and not as something that a holder of the link made up. */
  readonly isGenuine: (message: InvitationMessage) => Promise<boolean>;
  /** Told of everything that a reading found, oldest first, or of what came in by itself. */
  readonly onLetters: (letters: readonly InvitationLetter[]) => void;
  /** A relay keeps what is wanted, by its own word or as it was found there. */
  readonly onLeft?: (message: InvitationMessage) => void;
  /** A mailbox was read to its end, or turned out to be closed. Comes after the letters it found. */
  readonly onLooked?: () => void;
}

/** Letters that are opened in one reading, and as many of what comes in after it; far more than the twenty asks that are shown, and their answers. IN13. */
export const lettersReadMax = 500;
/** What is no letter at all, in one life, before a mailbox is given up as somebody's dump. IN13. */
export const garbageMax = 2000;

export class InviteMail {
  readonly #boxes: readonly InviteMailbox[];
  readonly #wanted = new Map<string, InvitationMessage>();

  constructor(options: InviteMailOptions) {
    this.#boxes = options.mailboxes.map((mailbox) => new InviteMailbox(options, mailbox, this.#wanted));
  }

  start(): void {
    this.#boxes.forEach((box) => box.start());
  }

  /** From now on this is to stand in every mailbox; wanted again, it changes nothing. */
  want(message: InvitationMessage): void {
    const name = nameOf(message);
    if (this.#wanted.has(name)) return;
    this.#wanted.set(name, message);
    this.#boxes.forEach((box) => box.due());
  }

  /** How many closings are wanted. */
  get closings(): number {
    return [...this.#wanted.values()].filter(({ type }) => type === 'closed').length;
  }

  /** The network or the person may be back. */
  wake(): void {
    this.#boxes.forEach((box) => box.wake());
  }

  /** Reads every mailbox that is open once more. */
  lookAgain(): void {
    this.#boxes.forEach((box) => box.look());
  }

  /**
   * Whether everything that can be known from relays after `sinceMs` is known: at least one was read to its end since
   * then, and each of the others too or it is closed.
   */
  hasLookedSince(sinceMs: number): boolean {
    const since = this.#boxes.filter(({ lookedAtMs }) => lookedAtMs >= sinceMs);
    return since.length > 0 && this.#boxes.every((box) => since.includes(box) || box.isClosed);
  }

  stop(): void {
    this.#boxes.forEach((box) => box.stop());
  }
}

/** The mail of an invitation on one relay. What it does, it does one thing after another. */
class InviteMailbox {
  readonly #options: InviteMailOptions;
  readonly #mailbox: Mailbox;
  readonly #wanted: ReadonlyMap<string, InvitationMessage>;
  readonly #queue = new SerialQueue();
  /** Names of what stands there, and of what never can; undefined before all of it was read in this opening. */
  #standing: Set<string> | undefined;
  #lookDue = false;
  #isOpen = false;
  #stopped = false;
  /** Of what comes in by itself. */
  #lettersLeft = lettersReadMax;
  #garbage = 0;
  /** The relay was tried, and can't be read to its end now. */
  isClosed = false;
  /** When it was last read to its end. */
  lookedAtMs = -Infinity;

  constructor(options: InviteMailOptions, mailbox: Mailbox, wanted: ReadonlyMap<string, InvitationMessage>) {
    this.#options = options;
    this.#mailbox = mailbox;
    this.#wanted = wanted;
  }

  start(): void {
    this.#mailbox.open({
      onMail: ({ arrivals }) => this.#queue.add(() => this.#hear(arrivals)),
      onStatus: ({ type }) => {
        this.#isOpen = type === 'Open';
        this.isClosed = !this.#isOpen;
        this.#standing = undefined;
        if (this.#isOpen) this.look();
        else this.#options.onLooked?.();
      },
      onRefused: () => {
        if (++this.#garbage === garbageMax) this.#giveUp();
      }
    });
  }

  look(): void {
    this.#lookDue = true;
    this.#queue.add(() => this.#look());
  }

  due(): void {
    this.#queue.add(() => this.#leave());
  }

  wake(): void {
    if (this.#stopped) return;
    this.#mailbox.wake();
    // A reading that broke off while the mailbox stayed open is tried again now, and not by a timer.
    if (this.#isOpen && this.#standing === undefined) this.look();
  }

  stop(): void {
    this.#stopped = true;
    this.#mailbox.close();
  }

  async #look(): Promise<void> {
    if (!this.#lookDue || !this.#isOpen || this.#stopped) return;
    this.#lookDue = false;
    const arrivals = await this.#readAll();
    if (this.#stopped) return;
    if (arrivals === undefined) {
      this.isClosed = true;
      return this.#options.onLooked?.();
    }
    const letters = await this.#open(arrivals);
    this.#lettersLeft = lettersReadMax;
    this.isClosed = false;
    this.#standing = new Set();
    this.#note(letters);
    // The oldest were first at the door.
    if (letters.length > 0) this.#options.onLetters(letters.toReversed());
    this.lookedAtMs = this.#options.clock.nowMs();
    this.#options.onLooked?.();
    await this.#leave();
  }

  /** Newest first, as far as `lettersReadMax`; undefined where the relay did not give all of that. */
  async #readAll(): Promise<readonly Arrival[] | undefined> {
    const arrivals: Arrival[] = [];
    for await (const delivery of this.#mailbox.pull()) {
      if (this.#stopped || !delivery.ok) return undefined;
      arrivals.push(...delivery.value.arrivals.slice(0, lettersReadMax - arrivals.length));
      // Whoever left more than that is not asking to be let in. What is wanted is then left once more, and is the newest.
      if (arrivals.length === lettersReadMax) break;
    }
    return arrivals;
  }

  async #hear(arrivals: readonly Arrival[]): Promise<void> {
    // Before all was read nothing is known to be missing, and the reading finds this too.
    if (this.#standing === undefined || this.#stopped) return;
    const heard = arrivals.slice(0, this.#lettersLeft);
    this.#lettersLeft -= heard.length;
    const letters = await this.#open(heard);
    this.#note(letters);
    if (letters.length > 0) this.#options.onLetters(letters);
  }

  async #open(arrivals: readonly Arrival[]): Promise<readonly InvitationLetter[]> {
    const { keys, circle, isGenuine } = this.#options;
    const letters: InvitationLetter[] = [];
    for (const { envelope } of arrivals) {
      const text = bytesToBase64Url(envelope);
      const message = await openMessage(keys, circle, text);
      if (message !== undefined) letters.push({ message, text, genuine: await isGenuine(message) });
    }
    return letters;
  }

  #note(letters: readonly InvitationLetter[]): void {
    for (const { message, genuine } of letters) if (genuine) this.#stands(message);
  }

  #stands(message: InvitationMessage): void {
    const name = nameOf(message);
    if (this.#standing?.has(name) === true) return;
    this.#standing?.add(name);
    if (this.#wanted.has(name)) this.#options.onLeft?.(message);
  }

  /** Leaves what is wanted and does not stand there. What the relay did not take waits for the next opening. */
  async #leave(): Promise<void> {
    const { standing, messages } = this.#missing();
    if (standing === undefined || messages.length === 0 || !this.#isOpen || this.#stopped) return;
    const mail = await Promise.all(messages.map((message) => this.#toMail(message)));
    const { each } = await this.#mailbox.push(mail, 'single');
    messages.forEach((message, i) => {
      const result = each[i];
      if (result?.ok === true) this.#stands(message);
      else if (result !== undefined && isHopeless(result.error)) standing.add(nameOf(message));
    });
  }

  #missing(): { readonly standing: Set<string> | undefined; readonly messages: readonly InvitationMessage[] } {
    const standing = this.#standing;
    const messages = [...this.#wanted].flatMap(([name, message]) => (standing?.has(name) === true ? [] : [message]));
    return { standing, messages };
  }

  async #toMail(message: InvitationMessage): Promise<Mail> {
    const { keys, random, untilMs } = this.#options;
    const envelope = base64UrlToBytes(await sealMessage(keys, message, random));
    assert(envelope !== undefined, 'what was sealed is base64url');
    return { envelope, expiresMs: untilMs + letterGraceMs };
  }

  /** The live topic goes on without it; the next life reads it anew. */
  #giveUp(): void {
    this.#isOpen = false;
    this.isClosed = true;
    this.#mailbox.close();
    this.#options.onLooked?.();
  }
}

/** What makes two letters the same one. An answer is named with what it says, so that a new one is left beside an old. */
const nameOf = (message: InvitationMessage): string => {
  if (message.type === 'ask') return `ask/${message.ask.id}`;
  return message.type === 'welcome' ? `welcome/${message.to}` : `closed/${message.to}/${message.why}`;
};

/** Trying again would change nothing. A welcome that is too large for a letter still goes over the topic. */
const isHopeless = ({ type }: CarryFailure): boolean => type === 'TooLarge' || type === 'Expired';
