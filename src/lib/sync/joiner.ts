/**
 * One request to be let in, said again until it is answered (docs/protocol.md IN4, IN8–IN9).
 *
 * A welcome counts only if the statements in it put this very device on the roster of the circle the link names: then
 * circle, keys and statements are stored in one transaction and the request is done.
 */
import type { Clock } from '../base/clock.ts';
import { minuteMs, secondMs } from '../base/clock.ts';
import { jitterMs, type Random } from '../base/random.ts';
import { openMessage, openWelcome, sealMessage, type Closing, type Welcome } from '../circle/joining.ts';
import type { Circles } from '../store/circles.ts';
import type { JoiningRow, ShoulderDatabase } from '../store/database.ts';
import type { OpenJoining } from '../store/joinings.ts';
import { Inbox } from './inbox.ts';
import { openKeyring, type Keyring } from '../store/keyring.ts';
import type { SignalTransport } from './signal-transport.ts';

export interface JoinerDependencies {
  readonly database: ShoulderDatabase;
  readonly circles: Circles;
  readonly clock: Clock;
  readonly random: Random;
  readonly createTransport: (relays: readonly string[]) => SignalTransport;
}

const askAgainMinMs = 2 * secondMs;
const askAgainMaxMs = minuteMs;

export class Joiner {
  readonly #deps: JoinerDependencies;
  readonly #row: JoiningRow;
  readonly #open: OpenJoining;
  readonly #transport: SignalTransport;
  #pauseMs = askAgainMinMs;
  #cancel: () => void = () => undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #done = false;

  constructor(deps: JoinerDependencies, row: JoiningRow, open: OpenJoining) {
    this.#deps = deps;
    this.#row = row;
    this.#open = open;
    this.#transport = deps.createTransport(open.joining.invitation.relays);
  }

  start(): void {
    const { keys, joining } = this.#open;
    this.#transport.open({
      onMessage: (topic, data) => {
        if (topic !== keys.topic) return;
        this.#queue = this.#queue.catch(() => undefined).then(() => this.#hear(data));
      },
      onStatus: (connected) => {
        if (connected) this.wake();
      }
    });
    this.#transport.subscribe([keys.topic]);
    this.#deps.clock.after(
      Math.max(0, Math.min(joining.invitation.untilMs - this.#deps.clock.nowMs(), timerMaxMs)),
      () => {
        void this.#endIfOver();
      }
    );
  }

  /** Asks at once, and then again with growing pauses. */
  wake(): void {
    this.#pauseMs = askAgainMinMs;
    void this.#ask();
  }

  stop(): void {
    this.#done = true;
    this.#cancel();
    this.#transport.close();
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

  async #endIfOver(): Promise<boolean> {
    // Whoever is in, or was answered, has nothing left that could run out.
    if (this.#done || this.#deps.clock.nowMs() < this.#open.joining.invitation.untilMs) return false;
    await this.#end('expired');
    return true;
  }

  async #hear(text: string): Promise<void> {
    const { keys, ask, device, joining } = this.#open;
    const message = await openMessage(keys, joining.invitation.circle, text);
    if (this.#done || message === undefined || message.type === 'ask' || message.to !== ask.id) return;
    if (message.type === 'closed') return this.#end(message.why);
    const welcome = await openWelcome(device, ask, message.box);
    if (welcome !== undefined && !this.#done) await this.#enter(welcome);
  }

  async #end(why: Closing): Promise<void> {
    this.stop();
    await this.#deps.database.joinings.update(this.#row.id, { state: why });
  }

  /** Checks the welcome on the real inbox before anything counts: not on the roster, not in. IN9. */
  async #enter(welcome: Welcome): Promise<void> {
    const { database, circles, clock } = this.#deps;
    const { joining, device } = this.#open;
    const keyring: Keyring = {
      own: false,
      device: joining.device,
      epochs: [{ epoch: welcome.epoch, secret: welcome.secret }],
      generation: welcome.generation,
      relays: joining.invitation.relays
    };
    const sealed = await circles.wrap(welcome.circle, keyring);
    const trial = { n: notYetIn, keyring: await openKeyring(welcome.circle, keyring) };
    const arrivals = welcome.statements.map((bytes) => ({ bytes }));
    const { rows, roster } = await new Inbox(database, trial, clock).examine(arrivals);
    if (!roster.devicesById.has(device.id)) return;
    this.stop();
    await database.transaction('rw', database.circles, database.envelopes, database.joinings, async () => {
      const known = await database.circles.get({ id: welcome.circle });
      const n = known?.n ?? (await database.circles.add(circles.newRow(welcome.circle, sealed)));
      if (known === undefined) await database.envelopes.bulkPut(rows.map((row) => ({ ...row, circle: n })));
      await database.joinings.update(this.#row.id, { state: 'in', circle: n });
    });
  }
}

/** The ordinal of a circle that is only being looked at: rows are never stored under it. */
const notYetIn = 0;

/** The longest delay a browser's timer takes. */
const timerMaxMs = 2 ** 31 - 1;
